using ListServer.Lists.Consents;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Reports;
using ListServer.MailAuth.Spf;
using ListServer.Store.Changes;

namespace ListServer.Store.Tests;

/// <summary>Counts for aggregate reports add up, stay within bounds, and are gone when their report is settled or the consent withdrawn (AUTH-84).</summary>
public sealed class ReceivedTallyTests : StoreFixture
{
    private const string Ours = "lists.example";
    private static readonly DateOnly Day = new(2026, 11, 24);
    private static readonly DueReport Due = new(Day, Ours, "a.example");

    [Fact]
    public async Task Messages_of_one_sort_are_one_row_over_commits_and_restarts()
    {
        var store = Open();
        await store.CommitAsync(new ReceivedCounted([Tally("a.example", "192.0.2.1"), Tally("a.example", "192.0.2.2", 3), Tally("b.example", "192.0.2.1")]), Cancel);
        await store.CommitAsync(new ReceivedCounted([Tally("a.example", "192.0.2.1", 4)]), Cancel);
        await store.DisposeAsync();
        store = Open();
        store.ReceivedTallies(Due).Select(t => (t.Row.Source, t.Count)).ShouldBe([("192.0.2.1", 5), ("192.0.2.2", 3)], ignoreOrder: true);
        store.DueReports().ShouldBe([Due, Due with { PolicyDomain = "b.example" }]);
        store.ReceivedTallies(Due)[0].Row.Dkim.ShouldBe([new ReceivedSignature("a.example", "s1", DkimVerdict.Pass)]);
    }

    [Fact]
    public async Task A_settled_report_takes_its_counts_along_and_is_settled_once()
    {
        var store = Open();
        await store.CommitAsync(new ReceivedCounted([Tally("a.example", "192.0.2.1"), Tally("b.example", "192.0.2.1")]), Cancel);
        var outcome = new ReportOutcome(Due, new DateTimeOffset(2026, 11, 25, 1, 0, 0, TimeSpan.Zero), ["d@a.example"], 1, 1, "", "mail");
        await store.CommitAsync(new ReportSettled(outcome), Cancel);
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync(new ReportSettled(outcome), Cancel));
        store.DueReports().ShouldBe([Due with { PolicyDomain = "b.example" }]);
        store.ReportOutcomes().ShouldHaveSingleItem().ShouldSatisfyAllConditions(o => o.Report.ShouldBe(Due), o => o.Recipients.ShouldBe(["d@a.example"]), o => o.MailId.ShouldBe("mail"));
    }

    [Fact]
    public async Task Who_sends_from_everywhere_does_not_fill_the_disk()
    {
        var store = Open();
        for (var i = 0; i < 6; i++)
        {
            await store.CommitAsync(new ReceivedCounted([.. Enumerable.Range(0, 1_000).Select(n => Tally("a.example", $"2001:db8::{i:x}:{n:x}"))]), Cancel);
        }

        await store.CommitAsync(new ReceivedCounted([Tally("b.example", "192.0.2.1"), Tally("a.example", "2001:db8::0:1", 2)]), Cancel);
        var rows = store.ReceivedTallies(Due);
        (rows.Count, rows.Sum(t => t.Count), store.UncountedMessages(Due)).ShouldBe((ReceivedTally.MostRowsOfDomain, ReceivedTally.MostRowsOfDomain + 2, 1_000));
        store.ReceivedTallies(Due with { PolicyDomain = "b.example" }).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_withdrawn_consent_takes_what_was_counted_along()
    {
        var store = Open();
        await store.CommitAsync(new DmarcConsentGiven(new DmarcConsent(Ours, ConsentPurpose.Reporting, DateTimeOffset.UnixEpoch, "ken", "command line", "en", "1", "words")), Cancel);
        await store.CommitAsync(new ReceivedCounted([Tally("a.example", "192.0.2.1"), Tally("a.example", "192.0.2.1") with { Receiver = "other.example" }]), Cancel);
        await store.CommitAsync(new DmarcConsentWithdrawn(Ours, ConsentPurpose.Reporting, DateTimeOffset.UnixEpoch, "ken"), Cancel);
        store.DueReports().Select(due => due.Receiver).ShouldBe(["other.example"]);
    }

    private static ReceivedTally Tally(string domain, string source, long count = 1) => new(
        Day, Ours, domain, new ReceivedRow(source, domain, domain, RowDisposition.Pass, null, true, false, SpfVerdict.None, domain, [new ReceivedSignature(domain, "s1", DkimVerdict.Pass)]), count);
}
