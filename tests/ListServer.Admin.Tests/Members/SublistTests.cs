using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Tests.Members;

/// <summary>Which list may be a part of which (issue 5, item 1).</summary>
public sealed class SublistTests : AdminStage
{
    [Fact]
    public async Task Circles_are_refused_in_words_and_a_list_of_another_domain_is_a_member_like_any()
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
        await DoneAsync(new AddMember(List, "c@other.example"));
        await DoneAsync(new ImportMembers("c@other.example", "a@lists.example\n", "test"));
        (await RefusedAsync(new ImportMembers("b@lists.example", "a@lists.example\n", "test"))).Message.ShouldContain("a@lists.example is a list");
        await DoneAsync(new AddMember(List, "b@lists.example"));
    }
}
