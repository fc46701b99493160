using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Tests.Members;

/// <summary>Which list may be a part of which (issue 5, item 1).</summary>
public sealed class SublistTests : AdminStage
{
    [Fact]
    public async Task Circles_and_other_domains_are_refused_in_words()
    {
        await Store.CommitAsync(new DomainSaved(new MailDomain("other.example")), Cancel);
        foreach (var list in new[] { "a@lists.example", "b@lists.example", "c@other.example" })
        {
            await DoneAsync(new CreateList(list));
        }

        await DoneAsync(new AddMember(List, "a@lists.example"));
        await DoneAsync(new AddMember("a@lists.example", "B@lists.example"));
        (await RefusedAsync(new AddMember("b@lists.example", List))).ShouldSatisfyAllConditions(
            r => r.Kind.ShouldBe(Refusal.Conflict), r => r.Message.ShouldContain("circles"));
        (await RefusedAsync(new AddMember(List, List))).Message.ShouldContain("circles");
        (await RefusedAsync(new AddMember(List, "c@other.example"))).Message.ShouldContain("another domain");
        await DoneAsync(new AddMember(List, "b@lists.example"));
    }
}
