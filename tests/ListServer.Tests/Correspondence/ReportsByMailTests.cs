using System.Globalization;
using System.IO.Compression;
using System.Text;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;
using ListServer.Store;

namespace ListServer.Tests.Correspondence;

/// <summary>Reports to dmarc-reports@ (AUTH-20).</summary>
public sealed class ReportsByMailTests : ListStage
{
    private const string To = "dmarc-reports@lists.example";

    [Fact]
    public async Task A_report_of_a_sender_that_DMARC_vouches_for_is_counted_once()
    {
        (await SendReportAsync(Report("r-1"))).ShouldStartWith("250");
        (await SendReportAsync(Report("r-1"))).ShouldBe("250 2.0.0 Known already");

        var report = Store.Reports("lists.example").ShouldHaveSingleItem();
        (report.Organization, report.ReportId, report.From, report.Doubt, report.Passed, report.Failed).ShouldBe(("Receiver", "r-1", "dmarc@signed.example", null, 7, 3));
        var sources = Store.ReportSources("lists.example").OrderBy(source => source.Source, StringComparer.Ordinal).ToList();
        sources.Select(source => source.Source).ShouldBe(["192.0.2.1", "203.0.113.5"]);
        sources[0].Days().ShouldBe([(report.Day, new SourceCounts(5, 2, 0, 0, 0))]);
        sources[1].Days().ShouldBe([(report.Day, new SourceCounts(0, 0, 0, 3, 3))]);
        sources[1].Evidence.ShouldContain(new Evidence(EvidenceKind.Spf, "forger.example", "", "fail", 0, 3, report.Day.DayNumber));
    }

    [Fact]
    public async Task A_report_whose_mail_fails_DMARC_is_marked_and_not_counted_until_a_true_one_comes()
    {
        (await SendAsync(Mail("dmarc@signed.example", Gzip(Report("r-2")), isForged: true), "x@elsewhere.example", To)).ShouldStartWith("250");

        Store.Reports("lists.example").ShouldHaveSingleItem().Doubt.ShouldNotBeNull().ShouldStartWith("DMARC: ");
        Store.ReportSources("lists.example").ShouldBeEmpty();

        (await SendReportAsync(Report("r-2"))).ShouldStartWith("250");
        Store.Reports("lists.example").ShouldHaveSingleItem().Doubt.ShouldBeNull();
        Store.ReportSources("lists.example").Count.ShouldBe(2);
    }

    [Fact]
    public async Task Failure_reports_and_what_is_no_report_are_refused()
    {
        (await SendAsync("dmarc@signed.example", To, "hello", "hello\r\n")).ShouldBe("550 5.6.0 There is no report in this message; only reports are read here");
        (await SendReportAsync(Report("r-3").Replace("<count>5<", "<count>-5<", StringComparison.Ordinal))).ShouldBe("550 5.6.0 Row 1: count is '-5', no number from 0 to 1000000000.");
        (await SendReportAsync(Report("r-3").Replace("<domain>lists.example<", "<domain>other.example<", StringComparison.Ordinal)))
            .ShouldBe("550 5.6.0 The report is about other.example, which is no domain of this server.");
        (await SendReportAsync(Report("r-3", TimeSpan.FromDays(400)))).ShouldBe("550 5.6.0 The report is older than 120 days.");
        (await SendReportAsync(Report("r-3", TimeSpan.FromDays(-5)))).ShouldBe("550 5.6.0 The report is about a time that has not come yet.");
        (await SendAsync(Encoding.ASCII.GetBytes(
            "From: fbl@spf.example\r\nTo: dmarc-reports@lists.example\r\nSubject: failed\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: private\r\n\r\nsecret\r\n--b--\r\n"), "fbl@spf.example", To))
            .ShouldStartWith("550 5.7.1 Failure reports are not taken here");
        Store.Reports(domain: null).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_TLS_report_is_counted_by_day_and_policy()
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        (await SendReportAsync($$"""
            {"organization-name":"Receiver","date-range":{"start-datetime":"{{day}}T00:00:00Z","end-datetime":"{{day}}T23:59:59Z"},"contact-info":"","report-id":"t-1",
             "policies":[{"policy":{"policy-type":"sts","policy-domain":"lists.example"},"summary":{"total-successful-session-count":9,"total-failure-session-count":1},
             "failure-details":[{"result-type":"certificate-expired","receiving-mx-hostname":"mx.lists.example","failed-session-count":1}]}]}
            """)).ShouldStartWith("250");

        Store.Reports("lists.example").ShouldHaveSingleItem().Kind.ShouldBe(ReportKind.Tls);
        var tally = Store.ReportedTls("lists.example").ShouldHaveSingleItem();
        (tally.Kind, tally.Successes, tally.Failures, tally.Details[0].Result).ShouldBe((TlsPolicyKind.Sts, 9, 1, "certificate-expired"));
    }

    [Fact]
    public async Task Reports_are_there_after_a_restart()
    {
        await SendReportAsync(Report("r-4"));
        await DoneAsync(new ImportReports([new ReportFile("r-5.xml", Encoding.UTF8.GetBytes(Report("r-5"))), new ReportFile("note.txt", "hello"u8.ToArray())]));
        await RestartAsync();

        Store.Reports("lists.example").Select(report => report.ReportId).ShouldBe(["r-4", "r-5"], ignoreOrder: true);
        Store.ReportSources("lists.example").Single(source => source.Source == "203.0.113.5").Days().Single().Counts.Failed.ShouldBe(6);
    }

    private Task<string> SendReportAsync(string document) => SendAsync(Mail("dmarc@signed.example", Gzip(document), isForged: false), "dmarc@signed.example", To);

    private static byte[] Mail(string from, byte[] attachment, bool isForged) => Write(
        from,
        "Report Domain: lists.example",
        $"--b\r\nContent-Type: text/plain\r\n\r\nA report.\r\n--b\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(attachment, Base64FormattingOptions.InsertLineBreaks)}\r\n--b--\r\n",
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
        isForged);

    private static byte[] Gzip(string document)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(document));
        }

        return output.ToArray();
    }

    private static string Report(string id, TimeSpan age = default)
    {
        var begin = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddDays(-1).Subtract(age).ToUnixTimeSeconds();
        return $"""
            <feedback><report_metadata><org_name>Receiver</org_name><email>d@signed.example</email><report_id>{id}</report_id><date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata>
            <policy_published><domain>lists.example</domain><p>reject</p></policy_published>
            {Row("192.0.2.1", 5, "pass", "pass", "lists.example", "pass")}{Row("192.0.2.1", 2, "pass", "fail", "lists.example", "softfail")}{Row("203.0.113.5", 3, "fail", "fail", "forger.example", "fail")}
            </feedback>
            """;
    }

    private static string Row(string source, int count, string dkim, string spf, string path, string result) =>
        $"<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated><disposition>{(dkim == "pass" ? "none" : "reject")}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>"
        + $"<identifiers><header_from>lists.example</header_from></identifiers><auth_results><spf><domain>{path}</domain><result>{result}</result></spf></auth_results></record>";
}
