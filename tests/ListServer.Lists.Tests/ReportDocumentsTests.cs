using System.Text;
using System.Text.Json;
using ListServer.Lists.Reports;
using ListServer.MailAuth.Reports;

namespace ListServer.Lists.Tests;

/// <summary>AUTH-20: reports of many receivers, as XML, gzip, zip and mail.</summary>
public sealed class ReportDocumentsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "DmarcReports");

    public static IEnumerable<TheoryDataRow<string>> Cases => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "cases.json"))).RootElement
        .GetProperty("cases").EnumerateArray().Select(c => new TheoryDataRow<string>(c.GetRawText()));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_published_report_is_read_or_refused_with_a_reason(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        var item = parsed.RootElement;
        var expected = item.GetProperty("expected").GetProperty("dmarcReport");
        var document = ReportDocuments.InFile(File.ReadAllBytes(Path.Combine(Folder, item.GetProperty("file").GetString()!)), out _).ShouldHaveSingleItem();
        var isRead = AggregateReportReader.TryRead(document, out var report, out var problem);

        // Disputed: a tolerant reader recovers one of them (two octets behind its gzip).
        (isRead == expected.GetProperty("valid").GetBoolean() || item.TryGetProperty("disputed", out _)).ShouldBeTrue(problem);
        (isRead || problem is { Length: > 0 }).ShouldBeTrue();
        if (isRead && expected.TryGetProperty("rows", out var rows))
        {
            (report!.Metadata.ReportId, report.Policy.Domain).ShouldBe((Text(expected, "reportId"), Text(expected, "domain")));
            (report.Metadata.Begin.ToUnixTimeSeconds(), report.Metadata.End.ToUnixTimeSeconds()).ShouldBe((expected.GetProperty("begin").GetInt64(), expected.GetProperty("end").GetInt64()));
            report.Policy.Policy.ToString()!.ToLowerInvariant().ShouldBe(Text(expected, "policy"));
            report.MessageCount.ShouldBe(expected.GetProperty("messageCount").GetInt64());
            report.Rows.Select(r => $"{r.Source} {r.Count} {r.Disposition} {(r.DkimAligned ? "pass" : "fail")} {(r.SpfAligned ? "pass" : "fail")} {r.HeaderFrom}".ToLowerInvariant())
                .ShouldBe(rows.EnumerateArray().Select(r => $"{Text(r, "sourceIp")} {r.GetProperty("count")} {Text(r, "disposition")} {Text(r, "dkim")} {Text(r, "spf")} {Text(r, "headerFrom")}".ToLowerInvariant()));
        }
    }

    [Theory]
    [InlineData("Subject: hello\r\n\r\n<feedback/>\r\n")]
    [InlineData("Content-Type: text/html\r\n\r\n<html></html>\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n")]
    [InlineData("hello")]
    [InlineData("")]
    public void A_mail_without_a_report_says_so(string mail)
    {
        ReportDocuments.InFile(Encoding.ASCII.GetBytes(mail), out var problem).ShouldBeEmpty();
        problem.ShouldBe("The file is no report, and no mail with one.");
    }

    [Fact]
    public void A_mail_past_the_limits_is_not_opened()
    {
        var parts = string.Concat(Enumerable.Repeat("--b\r\nContent-Type: text/xml\r\n\r\n<feedback/>\r\n", 1_001));
        ReportDocuments.InFile(Encoding.ASCII.GetBytes($"Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n"), out var problem).ShouldBeEmpty();
        problem.ShouldBe("The message has more than 1000 parts.");
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
