using ListServer.Lists.Cooking;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.Lists.Tests.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Dkim;

namespace ListServer.Lists.Tests.Mitigation;

/// <summary>Every row of the decision table of mail-authentication.md, on posts that an independent signer signed (Data/README.md).</summary>
public sealed class DecisionTableTests
{
    private static readonly MailingList Plain = Reports.List;
    private static readonly MailingList Decorated = Reports.List with { SubjectPrefix = "[News %05d]", Footer = "_______\nhttps://lists.example/news" };
    private static readonly MailingList Prefixed = Reports.List with { SubjectPrefix = "[News %d]" };

    /// <summary>Post, list, what came beside the post, and: the rows that answered, what is done, whether the author's signature verifies in the copy.</summary>
    public static TheoryData<string, MailingList, Arrival, string, MitigationAction, bool> Rows() => new()
    {
        { "01-two-from", Decorated, new(), "1", MitigationAction.Reject, false },
        { "01-two-mailboxes", Decorated, new(ApprovedBy: "mod"), "1", MitigationAction.Reject, false },
        { "02-dns-error", Decorated, new(IsDnsDown: true), "2", MitigationAction.Defer, false },
        { "03-forged-reject", Decorated, new(), "3", MitigationAction.Hold, false },
        { "03-forged-reject", Decorated with { RejectForgedStrict = true }, new(SpfFails: true), "3", MitigationAction.Reject, false },
        { "04-forged-quarantine", Decorated with { RejectForgedStrict = true }, new(SpfFails: true), "4", MitigationAction.Hold, false },
        { "05-forged-lax", Decorated, new(), "5", MitigationAction.Hold, false },
        { "05-forged-lax", Decorated with { RequireAuthorAuthentication = false, Mitigation = MitigationSetting.Always }, new(), "5", MitigationAction.Hold, false },
        { "05-forged-lax", Decorated with { RequireAuthorAuthentication = false, Mitigation = MitigationSetting.Wrap }, new(), "5", MitigationAction.Hold, false },
        { "06-forged-lax-allowed", Decorated with { RequireAuthorAuthentication = false }, new(), "6", MitigationAction.Keep, false },
        { "07-untouched", Plain, new(), "7", MitigationAction.Keep, true },
        { "07-untouched-japanese", Plain with { Mitigation = MitigationSetting.Never, Personalize = true }, new(), "7", MitigationAction.Keep, true },
        { "08-survives", Prefixed, new(), "8", MitigationAction.Keep, true },
        { "09-lax-broken", Decorated, new(), "9", MitigationAction.Keep, false },
        { "09-lax-broken", Decorated with { Mitigation = MitigationSetting.Never }, new(), "9", MitigationAction.Keep, false },
        { "09-lax-spf-only", Decorated, new(SpfPasses: true), "9", MitigationAction.Keep, false },
        { "10-strict-spf-only", Plain, new(SpfPasses: true), "10", MitigationAction.Rewrite, false },
        { "10-strict-by-sealer", Plain, new(IsSealed: true), "10", MitigationAction.Rewrite, false },
        { "11-strict-broken", Decorated, new(), "11", MitigationAction.Rewrite, false },
        { "11-strict-broken-html", Decorated, new(), "11", MitigationAction.Rewrite, false },
        { "12-wrap", Decorated with { Mitigation = MitigationSetting.Wrap }, new(), "12", MitigationAction.Wrap, false },
        { "13-undone", Decorated with { Mitigation = MitigationSetting.Never }, new(), "13 7", MitigationAction.Keep, true },
        { "13-undone-in-vain", Decorated with { Mitigation = MitigationSetting.Never }, new(), "13 14", MitigationAction.Hold, false },
        { "14-never-spf-only", Plain with { Mitigation = MitigationSetting.Never }, new(SpfPasses: true), "14", MitigationAction.Hold, false },
        { "15-always", Plain with { Mitigation = MitigationSetting.Always }, new(), "15", MitigationAction.Rewrite, false },
        { "16-wrap-lax", Decorated with { Mitigation = MitigationSetting.Wrap }, new(), "16", MitigationAction.Keep, false },
        { "17-wrap-survives", Plain with { Mitigation = MitigationSetting.Wrap }, new(), "17", MitigationAction.Keep, true },
        { "18-approved-strict", Decorated, new(ApprovedBy: "mod@lists.example"), "18", MitigationAction.Rewrite, false },
        { "18-approved-strict", Plain with { Mitigation = MitigationSetting.Wrap }, new(ApprovedBy: "mod@lists.example"), "18", MitigationAction.Wrap, false },
        { "18-approved-strict", Plain with { Mitigation = MitigationSetting.Never }, new(ApprovedBy: "mod@lists.example"), "18", MitigationAction.Rewrite, false },
        { "19-approved-lax", Decorated, new(ApprovedBy: "mod@lists.example"), "19", MitigationAction.Keep, false },
        { "19-approved-lax", Decorated with { Mitigation = MitigationSetting.Always }, new(ApprovedBy: "mod@lists.example"), "19", MitigationAction.Rewrite, false },
        { "19-approved-lax", Plain with { Mitigation = MitigationSetting.Wrap }, new(ApprovedBy: "mod@lists.example"), "19", MitigationAction.Wrap, false },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_row_does_what_the_table_says(string name, MailingList list, Arrival arrival, string rows, MitigationAction action, bool survives)
    {
        var raw = RawMessage.Parse(await File.ReadAllBytesAsync(SignedPosts.PathTo($"{name}.eml"), TestContext.Current.CancellationToken));
        var report = await SignedPosts.ReportAsync(name, raw, arrival);
        var post = KitchenTests.PostOf(list, raw.Octets.ToArray(), report, arrival.ApprovedBy);
        var prepared = Kitchen.Prepare(list, post, raw, KitchenTests.Options with { Trust = new OperatorTrust { Sealers = ["sealer.example"] } });

        string.Join(' ', prepared.Decisions.Select(d => d.Row)).ShouldBe(rows);
        prepared.Decision.Action.ShouldBe(action);
        prepared.Decision.Why.ShouldNotBeEmpty();
        prepared.Decision.IsMarked.ShouldBe(rows is "18" or "19");

        if (prepared.Verdict is not Verdict.Accept)
        {
            prepared.Header.IsEmpty.ShouldBeTrue();
            prepared.Body.IsEmpty.ShouldBeTrue();
            (prepared.Verdict is Verdict.Reject { Code: 451 }).ShouldBe(action is MitigationAction.Defer);
            return;
        }

        Golden.Check("DecisionTable", $"{name}.{list.Mitigation.ToString().ToLowerInvariant()}.out", prepared.ToOctets());
        var copy = RawMessage.Parse(prepared.ToOctets());
        DkimVerifier.VerifyAgain(copy, report.Dkim, KitchenTests.Options.Now).Any(d => d.Verdict is DkimVerdict.Pass).ShouldBe(survives);

        // One parser says whom the copy is from (SEC-17), and only what was authenticated or approved leaves under our name (AUTH-70).
        var from = AuthorField.Read(copy);
        from.Address.ShouldBe(action is MitigationAction.Keep ? "alice@author.example" : "news@lists.example");
    }

    [Fact]
    public async Task A_signature_that_the_list_broke_is_removed_only_where_it_is_aligned_with_From() // AUTH-36
    {
        Count(await PrepareAsync("09-lax-broken", Decorated)).ShouldBe(0, "From stays, and the signature would contradict it");
        Count(await PrepareAsync("11-strict-broken", Decorated)).ShouldBe(1, "From is the list's, and the signature says nothing about it");
        Count(await PrepareAsync("07-untouched", Plain)).ShouldBe(1);

        static int Count(PreparedPost prepared) => prepared.Fields.Count(f => f.Is("DKIM-Signature"));
    }

    [Fact]
    public async Task A_wrapped_message_verifies_when_it_is_taken_out()
    {
        var prepared = await PrepareAsync("12-wrap", Prefixed with { Mitigation = MitigationSetting.Wrap });
        var inner = RawMessage.Parse(prepared.Body);
        var raw = RawMessage.Parse(await File.ReadAllBytesAsync(SignedPosts.PathTo("12-wrap.eml"), TestContext.Current.CancellationToken));
        var earlier = (await SignedPosts.ReportAsync("12-wrap", raw, new())).Dkim[0];
        DkimVerifier.VerifyAgain(inner, [earlier], KitchenTests.Options.Now)[0].Verdict.ShouldBe(DkimVerdict.Pass);
    }

    [Fact]
    public async Task A_personal_copy_verifies_as_it_was_decided_upon()
    {
        var prepared = await PrepareAsync("07-untouched", Plain with { Personalize = true });
        var fields = OneClick.Put(prepared.Fields, Plain, new Uri("https://lists.example/u/1"));
        var copy = RawMessage.Parse((byte[])[.. fields.SelectMany(field => field.Octets.ToArray()), .. "\r\n"u8, .. prepared.Body.Span]);
        var raw = RawMessage.Parse(await File.ReadAllBytesAsync(SignedPosts.PathTo("07-untouched.eml"), TestContext.Current.CancellationToken));
        var earlier = (await SignedPosts.ReportAsync("07-untouched", raw, new())).Dkim[0];
        DkimVerifier.VerifyAgain(copy, [earlier], KitchenTests.Options.Now)[0].Verdict.ShouldBe(DkimVerdict.Pass);
    }

    [Fact]
    public async Task The_approver_is_logged_but_not_told_to_the_members()
    {
        var prepared = await PrepareAsync("18-approved-strict", Decorated, new(ApprovedBy: "mod@secret.example"));
        prepared.Decision.Why.ShouldContain("mod@secret.example");
        KitchenTests.Text(prepared).ShouldNotContain("secret.example");
        KitchenTests.Text(prepared).ShouldContain("X-Author-Not-Verified: ");
    }

    private static async Task<PreparedPost> PrepareAsync(string name, MailingList list, Arrival? arrival = null)
    {
        var raw = RawMessage.Parse(await File.ReadAllBytesAsync(SignedPosts.PathTo($"{name}.eml"), TestContext.Current.CancellationToken));
        var report = await SignedPosts.ReportAsync(name, raw, arrival ?? new());
        return Kitchen.Prepare(list, KitchenTests.PostOf(list, raw.Octets.ToArray(), report, arrival?.ApprovedBy), raw, KitchenTests.Options);
    }
}
