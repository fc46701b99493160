using System.Text;
using ListServer.Admin.Reports;
using ListServer.Admin.Templates;
using ListServer.Admin.Tests.Publishing;
using ListServer.Lists.Notices;
using ListServer.Lists.Reports;

namespace ListServer.Admin.Tests.Reports;

/// <summary>A domain goes the road from no record to p=reject, by weeks of reports with a forger and a forgotten newsletter service in them (issue 7, the leaflet's steps 1 to 5).</summary>
public sealed class DmarcRoadTests : DnsStage
{
    private const string Forger = "203.0.113.66";
    private const string Newsletter = "198.51.100.7";
    private const string Record = "_dmarc." + Domain;

    private int _reports;
    private bool _isLone;

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
    public async Task One_reporter_alone_moves_nothing_and_a_proposal_is_withdrawn_when_failures_return()
    {
        _isLone = true;
        await WeeksAsync(3, "none", isTesting: false, newsletter: "pass");
        await DoneAsync(new MarkSources(Domain, Forger, SourceMark.Foreign));
        var lone = await AdviceAsync();
        (lone.Step.Move, lone.Step.Reporters, lone.Record).ShouldBe((DmarcMove.Wait, 1, null));

        _isLone = false;
        await WeeksAsync(1, "none", isTesting: false, newsletter: "pass");
        (await AdviceAsync()).ShouldSatisfyAllConditions(a => a.Step.Move.ShouldBe(DmarcMove.Advance), a => a.Step.Reporters.ShouldBe(2), a => a.Notices.Count.ShouldBe(2));

        await WeeksAsync(1, "none", isTesting: false, newsletter: "permerror");
        (await AdviceAsync()).ShouldSatisfyAllConditions(a => a.Step.Move.ShouldBe(DmarcMove.Mend), a => a.Record.ShouldBeNull(), a => a.Notices.ShouldBeEmpty());
    }

    [Fact] // AUTH-84, 利用者への周知
    public async Task The_letter_to_users_is_a_template_that_domain_and_site_may_replace()
    {
        await WeeksAsync(3, "none", isTesting: false, newsletter: "pass");
        await DoneAsync(new MarkSources(Domain, Forger, SourceMark.Foreign));
        var letters = (await AdviceAsync()).Notices;
        letters["en"].ShouldSatisfyAllConditions(en => en.Subject.ShouldBe($"How to send mail as {Domain}"), en => en.Text.ShouldContain("treat as spam mail that is not provably ours"));
        letters["ja"].Text.ShouldContain("「quarantine（隔離）」に強化します。");

        await DoneAsync(new SetTemplate("stricter-policy", "en", Domain, "Subject: {{ policy }}\n\nAbout {{ domain }}\n"));
        (await AdviceAsync()).Notices["en"].ShouldBe(new Notice("quarantine", $"About {Domain}\n"));
    }

    [Fact]
    public async Task A_report_that_somebody_gave_is_no_proof_that_reports_come_here()
    {
        await WeeksAsync(1, "none", isTesting: false, newsletter: "pass");
        Dns.Text(Record, "v=DMARC1; p=none; rua=mailto:elsewhere@reports.example");
        (await AdviceAsync()).ShouldSatisfyAllConditions(
            a => a.HasReportAddress.ShouldBeFalse(), a => a.Step.Move.ShouldBe(DmarcMove.AskForReports), a => a.ReportsByMail.ShouldBe(0), a => a.Record!.ShouldContain($"rua=mailto:dmarc-reports@{Domain}"));

        Publish("p=none");
        new ReportIntake(Store, Time.GetUtcNow(), "noreply@mail.receiver.example", ByMail: true, Doubt: null).Decide(Report(Time.GetUtcNow().Date.AddDays(-1), "none", isTesting: false, "pass"), out var change);
        await Store.CommitAsync(change!, Cancel);
        (await AdviceAsync()).ShouldSatisfyAllConditions(a => a.HasReportAddress.ShouldBeTrue(), a => a.ReportsByMail.ShouldBe(1), a => a.Step.Reporters.ShouldBe(3));
    }

    [Fact]
    public async Task A_parent_whose_servers_refuse_leaves_the_domain_s_own_record_as_it_is()
    {
        Dns.Fails("_dmarc.example");
        (await AdviceAsync()).Stage.ShouldBe(DmarcStage.Watching);
        Dns.Without(Record);
        (await RefusedAsync(new AdviseDmarc(Domain))).Kind.ShouldBe(Refusal.TryLater);
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
            <report_metadata><org_name>Receiver {(_isLone ? 0 : _reports % 2)}</org_name><email>dmarc@receiver.example</email><report_id>{++_reports}</report_id>
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
