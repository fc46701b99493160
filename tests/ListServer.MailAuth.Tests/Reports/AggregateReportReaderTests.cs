using System.Net;
using System.Text;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Reports;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Tests.Reports;

/// <summary>RFC 9990 and RFC 7489 appendix C (AUTH-15 to AUTH-20).</summary>
public sealed class AggregateReportReaderTests
{
    private const string Head =
        "<report_metadata><org_name>r.example</org_name><email>a@r.example</email><report_id>1</report_id><date_range><begin>1700000000</begin><end>1700086399</end></date_range></report_metadata>"
        + "<policy_published><domain>example.com</domain><p>none</p></policy_published>";

    [Fact]
    public void Every_member_of_RFC_9990_is_read()
    {
        var report = Read("""
            <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><version>1.0</version>
            <report_metadata><org_name>Receiver</org_name><email>dmarc@r.example</email><extra_contact_info>https://r.example/</extra_contact_info>
             <report_id>2026-1</report_id><date_range><begin>1700000000</begin><end>1700086399</end></date_range><error>late</error><generator>R 1.0</generator></report_metadata>
            <policy_published><domain>example.com</domain><p>reject</p><sp>quarantine</sp><np>none</np><adkim>s</adkim><aspf>r</aspf>
             <discovery_method>treewalk</discovery_method><fo>1</fo><testing>y</testing></policy_published>
            <record><row><source_ip>2001:DB8::25</source_ip><count>12</count><policy_evaluated><disposition>quarantine</disposition><dkim>fail</dkim><spf>fail</spf>
             <reason><type>mailing_list</type><comment>a list</comment></reason><reason><type>policy_test_mode</type></reason></policy_evaluated></row>
             <identifiers><header_from>example.com</header_from><envelope_from>bounce.example.net</envelope_from><envelope_to>r.example</envelope_to></identifiers>
             <auth_results><dkim><domain>example.net</domain><selector>s1</selector><result>pass</result><human_result>ok</human_result></dkim>
              <dkim><domain>example.com</domain><selector>s2</selector><result>fail</result></dkim>
              <spf><domain>bounce.example.net</domain><scope>mfrom</scope><result>softfail</result></spf></auth_results></record>
            </feedback>
            """);

        report.Metadata.ShouldBe(new ReportMetadata("Receiver", "dmarc@r.example", "2026-1", DateTimeOffset.FromUnixTimeSeconds(1700000000), DateTimeOffset.FromUnixTimeSeconds(1700086399))
        {
            ExtraContact = "https://r.example/",
            Generator = "R 1.0",
            Errors = report.Metadata.Errors,
        });
        report.Metadata.Errors.ShouldBe(["late"]);
        report.Policy.ShouldBe(new PublishedPolicy("example.com", DmarcPolicy.Reject)
        {
            SubdomainPolicy = DmarcPolicy.Quarantine,
            NonexistentPolicy = DmarcPolicy.None,
            IsDkimStrict = true,
            Discovery = DiscoveryMethod.Treewalk,
            FailureOptions = "1",
            IsTesting = true,
        });
        var row = report.Rows.ShouldHaveSingleItem();
        (row.Source, row.Count, row.Disposition, row.IsPass).ShouldBe((IPAddress.Parse("2001:db8::25"), 12, RowDisposition.Quarantine, false));
        (row.HeaderFrom, row.EnvelopeFrom, row.EnvelopeTo).ShouldBe(("example.com", "bounce.example.net", "r.example"));
        row.Reasons.ShouldBe([new(OverrideKind.MailingList, "a list"), new(OverrideKind.PolicyTestMode, null)]);
        row.Dkim.ShouldBe([new("example.net", "s1", DkimVerdict.Pass, "ok"), new("example.com", "s2", DkimVerdict.Fail)]);
        row.Spf.ShouldBe(new ReportedSpf("bounce.example.net", IsHelo: false, SpfVerdict.SoftFail));
    }

    [Theory]
    [InlineData("<spf><domain>h.example</domain><scope>helo</scope><result>pass</result></spf><spf><domain>m.example</domain><result>hardfail</result></spf>", "m.example", SpfVerdict.Fail)]
    [InlineData("<spf><domain>m.example</domain><result>unknown</result></spf><spf><domain>h.example</domain><scope>helo</scope><result>pass</result></spf>", "m.example", SpfVerdict.PermError)]
    [InlineData("<spf><domain>m.example</domain><result>Pass</result></spf>", "m.example", SpfVerdict.Pass)]
    [InlineData("<spf><domain>m.example</domain><result>none, pass</result></spf>", "m.example", null)]
    [InlineData("<spf><domain>m.example</domain><result>2</result></spf>", "m.example", null)]
    public void Of_several_SPF_results_the_one_of_MAIL_FROM_counts_and_old_words_are_known(string results, string domain, SpfVerdict? verdict)
    {
        var row = Read($"<feedback>{Head}{Row($"<auth_results>{results}</auth_results>")}</feedback>").Rows[0];

        (row.Spf!.Domain, row.Spf.Result).ShouldBe((domain, verdict));
    }

    [Theory]
    [InlineData("<count>-1</count>", "count is '-1'")]
    [InlineData("<count>1e9</count>", "count is '1e9'")]
    [InlineData("<count>99999999999999999999999</count>", "no number from 0 to 1000000000")]
    [InlineData("<count>1000000001</count>", "no number from 0 to 1000000000")]
    [InlineData("", "Row 1 has no source_ip or no count.")]
    public void A_count_that_is_none_refuses_the_report(string count, string reason) =>
        Problem($"<feedback>{Head}<record><row><source_ip>192.0.2.1</source_ip>{count}</row></record></feedback>").ShouldContain(reason);

    [Theory]
    [InlineData("192.0.2")]
    [InlineData("3221225985")]
    [InlineData("192.0.2.010")]
    [InlineData("fe80::1%eth0")]
    [InlineData("mail.example.com")]
    public void A_source_that_is_no_address_refuses_the_report(string source) =>
        Problem($"<feedback>{Head}<record><row><source_ip>{source}</source_ip><count>1</count></row></record></feedback>").ShouldContain($"source_ip is '{source}', no address");

    [Theory]
    [InlineData("<begin>1700086399</begin><end>1700000000</end>", "ends before it begins")]
    [InlineData("<begin>1700000000</begin><end>1703000000</end>", "longer than 31 days")]
    [InlineData("<begin>2023-11-14</begin><end>1700000000</end>", "<begin> is '2023-11-14'")]
    [InlineData("<begin>0</begin><end>1700000000</end>", "<begin> is '0'")]
    [InlineData("<begin>1700000000</begin><end>999999999999999</end>", "<end> is '999999999999999'")]
    [InlineData("<end>1700000000</end>", "no date_range with begin and end")]
    public void Wrong_dates_refuse_the_report(string range, string reason) =>
        Problem($"<feedback><report_metadata><date_range>{range}</date_range></report_metadata><policy_published><domain>example.com</domain></policy_published></feedback>").ShouldContain(reason);

    [Theory]
    [InlineData("<!DOCTYPE feedback [<!ENTITY a 'x'>]><feedback/>", "DTD")]
    [InlineData("<!DOCTYPE feedback SYSTEM 'file:///etc/passwd'><feedback/>", "DTD")]
    [InlineData("<html/>", "no <feedback>")]
    [InlineData("<feedback>", "The XML can't be read")]
    [InlineData("<feedback/><feedback/>", "The XML can't be read")]
    [InlineData("<feedback/>", "no report_metadata")]
    [InlineData("<?xml version='1.0' encoding='x-none'?><feedback/>", "The XML can't be read")]
    [InlineData("", "empty")]
    public void What_is_no_report_is_refused_with_a_reason(string document, string reason) => Problem(document).ShouldContain(reason);

    [Fact]
    public void A_report_without_a_domain_is_refused() =>
        Problem($"<feedback>{Head.Replace("<domain>example.com</domain>", "", StringComparison.Ordinal)}</feedback>").ShouldContain("names no domain");

    [Fact]
    public void An_unknown_disposition_is_refused_and_none_is_none()
    {
        Problem($"<feedback>{Head}{Evaluated("<disposition>lost</disposition>")}</feedback>").ShouldContain("disposition is 'lost'");
        Read($"<feedback>{Head}{Evaluated("<disposition></disposition>")}</feedback>").Rows[0].Disposition.ShouldBe(RowDisposition.None);
    }

    [Fact]
    public void Signatures_past_the_hundredth_are_left_out() =>
        Read($"<feedback>{Head}{Row($"<auth_results>{string.Concat(Enumerable.Range(0, 150).Select(i => $"<dkim><domain>d{i}.example</domain><result>pass</result></dkim>"))}</auth_results>")}</feedback>")
            .Rows[0].Dkim.Length.ShouldBe(100);

    private static string Row(string more) => $"<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row>{more}</record>";

    private static string Evaluated(string more) => $"<record><row><source_ip>192.0.2.1</source_ip><count>1</count><policy_evaluated>{more}</policy_evaluated></row></record>";

    private static AggregateReport Read(string document)
    {
        AggregateReportReader.TryRead(Encoding.UTF8.GetBytes(document), out var report, out var problem).ShouldBeTrue(problem);
        return report!;
    }

    private static string Problem(string document)
    {
        AggregateReportReader.TryRead(Encoding.UTF8.GetBytes(document), out _, out var problem).ShouldBeFalse();
        return problem!;
    }
}
