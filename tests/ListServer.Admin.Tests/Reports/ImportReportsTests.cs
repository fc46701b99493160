using System.Diagnostics;
using System.Globalization;
using System.Text;
using ListServer.Admin.Domains;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;

namespace ListServer.Admin.Tests.Reports;

/// <summary>Reports from files (AUTH-20).</summary>
public sealed class ImportReportsTests : AdminStage
{
    [Fact]
    public async Task Every_file_gets_an_answer_and_the_same_report_counts_once()
    {
        var answers = await DoneAsync(new ImportReports([File("a", Report("1", "lists.example")), File("b", Report("1", "lists.example")), File("c", "hello"), File("d", Report("2", "other.example"))]));

        answers.Select(answer => (answer.File, answer.Answer.Fate)).ShouldBe([("a", ReportFate.Taken), ("b", ReportFate.Known), ("c", ReportFate.Refused), ("d", ReportFate.Refused)]);
        answers[2].Answer.Words.ShouldBe("The file is no report, and no mail with one.");
        var id = answers[0].Answer.Report!.Id;
        (await DoneAsync(new ShowReport(id))).From.ShouldBe("ken");
        (await DoneAsync(new BrowseReports("lists.example", 10))).Select(report => report.Id).ShouldBe([id]);
        (await RefusedAsync(new ShowReport("0"))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new BrowseReports("other.example", 10))).Kind.ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task Of_an_organisations_report_only_mail_from_our_domain_counts()
    {
        await DoneAsync(new AddDomain("news.club.example"));
        await DoneAsync(new ImportReports([File("a", Report(
            "1", "club.example", Row("192.0.2.1", 4, "club.example"), Row("192.0.2.2", 3, "news.club.example"), Row("192.0.2.3", 2, "x.news.club.example"), Row("192.0.2.4", 1, "evilnews.club.example")))]));

        Store.ReportSources("news.club.example").Select(source => source.Source).ShouldBe(["192.0.2.2", "192.0.2.3"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_source_has_its_days_and_forgets_those_of_long_ago()
    {
        foreach (var age in (int[])[3, 100, 1, 3, 119])
        {
            await DoneAsync(new ImportReports([File("a", Report($"{age} {Guid.NewGuid()}", "lists.example", age, Row("192.0.2.1", 2, "lists.example")))]));
        }

        var today = DateOnly.FromDateTime(Start.UtcDateTime);
        Source().Days().ShouldBe([.. new[] { (119, 2), (100, 2), (3, 4), (1, 2) }.Select(day => (today.AddDays(-day.Item1), new SourceCounts(0, 0, 0, day.Item2, 0)))]);

        Time.Advance(TimeSpan.FromDays(60));
        await DoneAsync(new ImportReports([File("a", Report("new", "lists.example", -59, Row("192.0.2.1", 1, "lists.example")))]));
        Source().Days().Count().ShouldBe(3);
        Source().Sum(today.AddDays(-3), today.AddDays(59)).Failed.ShouldBe(7);
    }

    [Fact]
    public async Task Sources_past_the_most_are_counted_together()
    {
        var rows = Enumerable.Range(0, SourceTally.MostSources + 50).Select(i => Row($"10.0.{i / 250}.{i % 250}", 1, "lists.example")).ToArray();
        await DoneAsync(new ImportReports([File("a", Report("1", "lists.example", rows))]));

        var sources = Store.ReportSources("lists.example");
        sources.Count.ShouldBe(SourceTally.MostSources + 1);
        sources.Single(source => source.Source.Length == 0).Sum(DateOnly.MinValue, DateOnly.MaxValue).Failed.ShouldBe(50);
    }

    [Fact] // Issue 7: at least 50 reports of 100 rows in a second; a tenth of that is asked of a busy machine.
    public async Task A_thousand_reports_a_minute_are_no_load()
    {
        var files = Enumerable.Range(0, 100).Select(i => File($"{i}", Report($"{i}", "lists.example", 1 + (i % 30), [.. Enumerable.Range(0, 100).Select(row => Row($"10.0.{(i * row) % 40}.{row}", 1, "lists.example"))]))).ToArray();
        var start = Stopwatch.GetTimestamp();
        await DoneAsync(new ImportReports([.. files]));

        (100 / Stopwatch.GetElapsedTime(start).TotalSeconds).ShouldBeGreaterThan(5);
        Store.Reports("lists.example").Count().ShouldBe(100);
    }

    private SourceTally Source() => Store.ReportSources("lists.example").ShouldHaveSingleItem();

    private static ReportFile File(string name, string document) => new(name, Encoding.UTF8.GetBytes(document));

    private static string Report(string id, string domain, params string[] rows) => Report(id, domain, 1, rows);

    private static string Report(string id, string domain, int age, params string[] rows)
    {
        var begin = new DateTimeOffset(Start.UtcDateTime.Date, TimeSpan.Zero).AddDays(-age).ToUnixTimeSeconds();
        return $"<feedback><report_metadata><org_name>Receiver</org_name><report_id>{id}</report_id><date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata>"
            + $"<policy_published><domain>{domain}</domain><p>none</p></policy_published>{string.Concat(rows)}</feedback>";
    }

    private static string Row(string source, int count, string from) => string.Create(
        CultureInfo.InvariantCulture,
        $"<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>{from}</header_from></identifiers></record>");
}
