using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Reports;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Tests.Reports;

/// <summary>Reports that we write hold to RFC 9990's schema, and say what they were given (AUTH-15, AUTH-16, AUTH-17).</summary>
public sealed class AggregateReportWriterTests
{
    private static readonly XNamespace Dmarc = AggregateReportWriter.Namespace;

    private static readonly AggregateReport Report = new(
        new ReportMetadata("lists.example", "postmaster@lists.example", "20261124.example.com@lists.example", DateTimeOffset.FromUnixTimeSeconds(1795478400), DateTimeOffset.FromUnixTimeSeconds(1795564799)) { Generator = "ListServer/0.1.0" },
        new PublishedPolicy("example.com", DmarcPolicy.Reject)
        {
            SubdomainPolicy = DmarcPolicy.Quarantine,
            NonexistentPolicy = DmarcPolicy.None,
            IsSpfStrict = true,
            IsTesting = true,
            Discovery = DiscoveryMethod.Treewalk,
            FailureOptions = "1:d",
        },
        [
            new ReportRow(IPAddress.Parse("192.0.2.1"), 7, RowDisposition.Pass, DkimAligned: true, SpfAligned: false, "example.com")
            {
                EnvelopeFrom = "bounces.example.net",
                Dkim = [new ReportedDkim("example.com", "s1", DkimVerdict.Pass), new ReportedDkim("a.example", "s2", DkimVerdict.PermError)],
                Spf = new ReportedSpf("bounces.example.net", IsHelo: false, SpfVerdict.SoftFail),
            },
            new ReportRow(IPAddress.Parse("2001:db8::1"), 1, RowDisposition.Quarantine, DkimAligned: false, SpfAligned: false, "www.example.com")
            {
                EnvelopeFrom = "",
                Reasons = [new OverrideReason(OverrideKind.LocalPolicy, "held <for> a moderator & read")],
                Spf = new ReportedSpf("mx.example.org", IsHelo: true, SpfVerdict.None),
            },
        ]);

    [Fact]
    public void A_report_validates_against_the_schema() => Problems(AggregateReportWriter.Write(Report)).ShouldBeEmpty();

    [Fact]
    public void The_schema_finds_what_is_wrong()
    {
        var text = Encoding.UTF8.GetString(AggregateReportWriter.Write(Report));
        foreach (var (right, wrong) in new[] { ("<disposition>pass", "<disposition>ignored"), ("<selector>s1</selector>", ""), ("<type>local_policy", "<type>forwarded"), (">treewalk<", ">guess<") })
        {
            text.ShouldContain(right);
            Problems(Encoding.UTF8.GetBytes(text.Replace(right, wrong, StringComparison.Ordinal))).ShouldNotBeEmpty(wrong);
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        AggregateReportReader.TryRead(AggregateReportWriter.Write(Report), out var read, out var problem).ShouldBeTrue(problem);
        (read!.Metadata.ReportId, read.Metadata.Begin, read.Metadata.End, read.Metadata.Organization).ShouldBe((Report.Metadata.ReportId, Report.Metadata.Begin, Report.Metadata.End, "lists.example"));
        read.Policy.ShouldBe(Report.Policy);
        read.Rows.Select(row => (row.Source, row.Count, row.Disposition, row.DkimAligned, row.SpfAligned, row.HeaderFrom))
            .ShouldBe(Report.Rows.Select(row => (row.Source, row.Count, row.Disposition, row.DkimAligned, row.SpfAligned, row.HeaderFrom)));
        read.Rows[0].Dkim.ShouldBe(Report.Rows[0].Dkim);
        read.Rows[1].Reasons.ShouldBe(Report.Rows[1].Reasons);
    }

    [Fact] // AUTH-17
    public void Of_more_than_a_hundred_signatures_the_first_hundred_are_written()
    {
        var row = Report.Rows[0] with { Dkim = [.. Enumerable.Range(0, 150).Select(i => new ReportedDkim("example.com", $"s{i}", DkimVerdict.Fail))] };
        var selectors = XDocument.Load(new MemoryStream(AggregateReportWriter.Write(Report with { Rows = [row] }))).Descendants(Dmarc + "selector").Select(s => s.Value).ToList();
        (selectors.Count, selectors[^1]).ShouldBe((100, "s99"));
    }

    [Fact]
    public void Characters_that_XML_does_not_have_are_left_out()
    {
        var octets = AggregateReportWriter.Write(Report with { Rows = [Report.Rows[0] with { HeaderFrom = "ex\u0000am\uFFFEple\u001B.com" }] });
        XDocument.Load(new MemoryStream(octets)).Descendants(Dmarc + "header_from").Single().Value.ShouldBe("example.com");
    }

    [Fact]
    public void Without_rows_or_policy_there_is_no_report()
    {
        Should.Throw<ArgumentException>(() => AggregateReportWriter.Write(Report with { Rows = [] }));
        Should.Throw<ArgumentException>(() => AggregateReportWriter.Write(Report with { Policy = new PublishedPolicy("example.com", null) }));
    }

    private static List<string> Problems(byte[] document)
    {
        var problems = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema };
        settings.Schemas.Add(null, Path.Combine(AppContext.BaseDirectory, "Data", "ReportSchema", "dmarc-2.0.xsd"));
        settings.ValidationEventHandler += (_, e) => problems.Add(e.Message);
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        using var reader = XmlReader.Create(new MemoryStream(document), settings);
        while (reader.Read())
        {
        }

        return problems;
    }
}
