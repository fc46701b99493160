using ListServer.Lists.Cooking;
using ListServer.Lists.Filtering;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Tests.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Mitigation;

/// <summary>Which setting breaks whose signature, by trying each on posts that dkimpy signed.</summary>
public sealed class SignatureProbeTests
{
    [Fact]
    public async Task Each_setting_is_tried_by_itself()
    {
        var list = Reports.List with { SubjectPrefix = "[News]", Footer = "Bye", ReplyTo = ReplyPolicy.List, Header = "", Filter = new ContentFilter { FilterTypes = ["video"] } };
        (await BrokenByAsync(list, "07-untouched")).ShouldNotBeNull().ShouldBe(["--prefix", "--footer"], ignoreOrder: true);
        (await BrokenByAsync(list with { SubjectPrefix = "", Footer = "" }, "07-untouched")).ShouldNotBeNull().ShouldBeEmpty();
        (await BrokenByAsync(list with { IsTransparent = true, Filter = new() }, "07-untouched")).ShouldNotBeNull().Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_post_that_no_signature_vouches_for_has_none_to_break() => (await BrokenByAsync(Reports.List, "09-lax-spf-only")).ShouldBeNull();

    private static async Task<System.Collections.Immutable.ImmutableArray<string>?> BrokenByAsync(MailingList list, string name)
    {
        var raw = RawMessage.Parse(await File.ReadAllBytesAsync(SignedPosts.PathTo($"{name}.eml"), TestContext.Current.CancellationToken));
        var report = await SignedPosts.ReportAsync(name, raw, new Arrival(SpfPasses: true));
        return SignatureProbe.BrokenBy(list, KitchenTests.PostOf(list, raw.Octets.ToArray(), report), raw, KitchenTests.Options);
    }
}
