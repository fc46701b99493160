using System.IO.Compression;
using System.Text;
using ListServer.MailAuth.Reports;

namespace ListServer.MailAuth.Tests.Reports;

/// <summary>RFC 8460 §4.4, §5.3.</summary>
public sealed class TlsReportReaderTests
{
    // RFC 8460 appendix B.
    private const string Example = """
        {"organization-name":"Company-X","date-range":{"start-datetime":"2016-04-01T00:00:00Z","end-datetime":"2016-04-01T23:59:59Z"},
         "contact-info":"sts-reporting@company-x.example","report-id":"5065427c-23d3-47ca-b6e0-946ea0e8c4be",
         "policies":[{"policy":{"policy-type":"sts","policy-string":["version: STSv1","mode: testing","mx: *.mail.company-y.example","max_age: 86400"],
           "policy-domain":"company-y.example","mx-host":["*.mail.company-y.example"]},
          "summary":{"total-successful-session-count":5326,"total-failure-session-count":303},
          "failure-details":[{"result-type":"certificate-expired","sending-mta-ip":"2001:db8:abcd:0012::1","receiving-mx-hostname":"mx1.mail.company-y.example","failed-session-count":100},
           {"result-type":"starttls-not-supported","sending-mta-ip":"2001:db8:abcd:0013::1","receiving-mx-hostname":"mx2.mail.company-y.example","receiving-ip":"203.0.113.56",
            "failed-session-count":200,"additional-information":"https://reports.company-x.example/report_info ? id = 5065427 c - 23 d3"},
           {"result-type":"validation-failure","sending-mta-ip":"198.51.100.62","receiving-ip":"203.0.113.58","receiving-mx-hostname":"mx-backup.mail.company-y.example",
            "failed-session-count":3,"failure-reason-code":"X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"}]}]}
        """;

    [Fact]
    public void The_example_of_the_RFC_is_read_plain_and_compressed()
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Example));
        }

        foreach (var octets in new[] { Encoding.UTF8.GetBytes(Example), output.ToArray() })
        {
            var report = ReportDocument.Read(octets).ShouldBeOfType<ReportDocument.OfTls>().Report;
            (report.Organization, report.Contact, report.ReportId).ShouldBe(("Company-X", "sts-reporting@company-x.example", "5065427c-23d3-47ca-b6e0-946ea0e8c4be"));
            (report.Begin, report.End).ShouldBe((new DateTimeOffset(2016, 4, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2016, 4, 1, 23, 59, 59, TimeSpan.Zero)));
            var policy = report.Policies.ShouldHaveSingleItem();
            (policy.Kind, policy.Domain, policy.Successes, policy.Failures).ShouldBe(("sts", "company-y.example", 5326, 303));
            policy.Details.Select(detail => (detail.Result, detail.Count)).ShouldBe([("certificate-expired", 100), ("starttls-not-supported", 200), ("validation-failure", 3)]);
            policy.Details[2].ShouldBe(new TlsReportFailure(
                "validation-failure", "mx-backup.mail.company-y.example", "198.51.100.62", "203.0.113.58", "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED", 3));
        }
    }

    [Theory]
    [InlineData("5326", "-1", "total-successful-session-count is '-1'")]
    [InlineData("5326", "99999999999999", "no number from 0 to 1000000000")]
    [InlineData("2016-04-01T00:00:00Z", "yesterday", "start-datetime is 'yesterday'")]
    [InlineData("2016-04-01T00:00:00Z", "2016-04-02T00:00:00Z", "ends before it begins")]
    [InlineData("2016-04-01T00:00:00Z", "2016-01-01T00:00:00Z", "longer than 31 days")]
    [InlineData("\"policy-domain\":\"company-y.example\",", "", "names no policy-domain")]
    [InlineData("\"date-range\"", "\"range\"", "no date-range")]
    [InlineData("\"policies\"", "\"rules\"", "no policies")]
    [InlineData("}]}]}", "}]}]", "The JSON can't be read")]
    [InlineData("\"sts\"", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]", "The JSON can't be read")]
    public void What_is_wrong_refuses_the_report(string was, string now, string reason)
    {
        TlsReportReader.TryRead(Encoding.UTF8.GetBytes(Example.Replace(was, now, StringComparison.Ordinal)), out _, out var problem).ShouldBeFalse();
        problem!.ShouldContain(reason);
    }

    [Fact] // AUTH-20
    public void A_bomb_is_refused_in_less_than_64_MiB()
    {
        var octets = Encoding.ASCII.GetBytes("{\"a\":[" + string.Concat(Enumerable.Repeat("1,", 4_000_000)) + "1]}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReportDocument.Read(octets).ShouldBeOfType<ReportDocument.Unreadable>().Problem.ShouldContain("more than 2097152 octets");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64L << 20);
    }
}
