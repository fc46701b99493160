using System.Text;
using ListServer.Admin.Reports;
using ListServer.Admin.Tests.Publishing;
using ListServer.Lists.Reports;

namespace ListServer.Admin.Tests.Reports;

/// <summary>A domain goes the road from no record to p=reject, by weeks of reports with a forger and a forgotten newsletter service in them (issue 7, the leaflet's steps 1 to 5).</summary>
public sealed class DmarcRoadTests : DnsStage
{
    private const string Forger = "203.0.113.66";
    private const string Newsletter = "198.51.100.7";
    private const string Record = "_dmarc." + Domain;

    private int _reports;

    [Fact]
    public async Task A_domain_goes_from_nothing_to_reject_and_back_when_its_own_mail_fails()
    {
        Dns.Without(Record).Without(Domain).Exchanger(Domain, Host);
        (await AdviceAsync()).ShouldSatisfyAllConditions(a => a.Step.Move.ShouldBe(DmarcMove.Prepare), a => a.HasSpf.ShouldBeFalse(), a => a.HasDkim.ShouldBeTrue());

        Dns.Text(Domain, Spf);
        var publish = await AdviceAsync();
        (publish.Step.Move, publish.Record).ShouldBe((DmarcMove.Publish, $"_dmarc.{Domain}. IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc-reports@{Domain}\""));

        // A key that signs for a newsletter service is missing: its mail is ours, and fails.
        Publish("p=none");
        await WeeksAsync(2, "none", isTesting: false, newsletter: "permerror");
        var mend = await AdviceAsync();
        (mend.Step.Move, mend.Step.OursFailed).ShouldBe((DmarcMove.Mend, 13 * 5), "of the last fourteen days, today has no report yet");
        mend.Broken.ShouldHaveSingleItem().ShouldContain("198.51.100");
        mend.Step.OthersFailed.ShouldBe(14 * 7, "the forger keeps nobody from going on");

        await WeeksAsync(2, "none", isTesting: false, newsletter: "pass");
        var tell = await AdviceAsync();
        (tell.Step.Move, tell.Unclear.Length).ShouldBe((DmarcMove.Tell, 1), "who comes every day may be a service that nobody thought of");
        await DoneAsync(new MarkSources(Domain, Forger, SourceMark.Foreign));
        await NextAsync(DmarcStage.QuarantineTest, "p=quarantine; t=y", nearsReject: false);
        await WeeksAsync(1, "quarantine", isTesting: true, newsletter: "pass");
        await NextAsync(DmarcStage.Quarantine, "p=quarantine", nearsReject: false);
        (await AdviceAsync()).Step.Move.ShouldBe(DmarcMove.Wait, "what was published a moment ago is not in reports yet");
        await WeeksAsync(2, "quarantine", isTesting: false, newsletter: "pass");
        await NextAsync(DmarcStage.RejectTest, "p=reject; t=y", nearsReject: true);
        await WeeksAsync(1, "reject", isTesting: true, newsletter: "pass");
        await NextAsync(DmarcStage.Reject, "p=reject", nearsReject: true);
        await WeeksAsync(2, "reject", isTesting: false, newsletter: "pass");
        (await AdviceAsync()).Step.Move.ShouldBe(DmarcMove.Arrived);

        await WeeksAsync(1, "reject", isTesting: false, newsletter: "permerror");
        (await AdviceAsync()).ShouldSatisfyAllConditions(a => a.Step.Move.ShouldBe(DmarcMove.StepBack), a => a.Record!.ShouldContain("p=quarantine; t=y"));
    }

    [Fact]
    public async Task Without_an_answer_of_DNS_there_is_no_advice()
    {
        Dns.Fails(Record);
        (await RefusedAsync(new AdviseDmarc(Domain))).Kind.ShouldBe(Refusal.TryLater);
    }

    private void Publish(string policy) => Dns.Text(Record, $"v=DMARC1; {policy}; rua=mailto:dmarc-reports@{Domain}");

    private Task<DmarcAdvice> AdviceAsync() => DoneAsync(new AdviseDmarc(Domain));

    private async Task NextAsync(DmarcStage next, string policy, bool nearsReject)
    {
        var advice = await AdviceAsync();
        (advice.Step.Move, advice.Step.Next, advice.Record).ShouldBe((DmarcMove.Advance, next, $"_dmarc.{Domain}. IN TXT \"v=DMARC1; {policy}; rua=mailto:dmarc-reports@{Domain}\""));
        advice.NearsReject.ShouldBe(nearsReject);
        advice.Notices.Keys.Order(StringComparer.Ordinal).ShouldBe(["en", "ja"]);
        Publish(policy);
    }

    private async Task WeeksAsync(int weeks, string policy, bool isTesting, string newsletter)
    {
        for (var day = 0; day < weeks * 7; day++)
        {
            var begin = Time.GetUtcNow().Date;
            Time.Advance(TimeSpan.FromDays(1));
            var imported = await DoneAsync(new ImportReports([new ReportFile("report.xml", Report(begin, policy, isTesting, newsletter))]));
            imported.ShouldHaveSingleItem().Answer.Fate.ShouldBe(ReportFate.Taken);
        }
    }

    private byte[] Report(DateTime begin, string policy, bool isTesting, string newsletter)
    {
        var from = new DateTimeOffset(begin, TimeSpan.Zero).ToUnixTimeSeconds();
        return Encoding.UTF8.GetBytes($"""
            <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><version>1.0</version>
            <report_metadata><org_name>Receiver</org_name><email>dmarc@receiver.example</email><report_id>{++_reports}</report_id>
            <date_range><begin>{from}</begin><end>{from + 86399}</end></date_range></report_metadata>
            <policy_published><domain>{Domain}</domain><p>{policy}</p><testing>{(isTesting ? "y" : "n")}</testing></policy_published>
            {Row(Sender, 40, "pass", "pass", "s1", "pass")}
            {Row(Newsletter, 5, newsletter == "pass" ? "pass" : "fail", "fail", "news", newsletter)}
            {Row(Forger, 7, "fail", "fail", null, "")}
            </feedback>
            """);
    }

    private static string Row(string source, int count, string dkim, string spf, string? selector, string signature) => $"""
        <record><row><source_ip>{source}</source_ip><count>{count}</count>
        <policy_evaluated><disposition>none</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>
        <identifiers><header_from>{Domain}</header_from><envelope_from>{(spf == "pass" ? Domain : "elsewhere.example")}</envelope_from></identifiers>
        <auth_results>{(selector is null ? "" : $"<dkim><domain>{Domain}</domain><selector>{selector}</selector><result>{signature}</result></dkim>")}
        <spf><domain>{(spf == "pass" ? Domain : "elsewhere.example")}</domain><result>pass</result></spf></auth_results></record>
        """;
}
