using ListServer.Lists.Commands;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists.Tests.Commands;

public sealed class OwnerMailTests
{
    [Fact]
    public void Anyone_authenticated_reaches_the_owners() => Decide(Reports.Alice).ShouldBeOfType<Verdict.Accept>();

    [Fact]
    public void So_does_an_author_whom_nothing_vouches_for_and_no_policy_forbids() =>
        Decide(Reports.Forged(null)).ShouldBeOfType<Verdict.Accept>();

    [Theory]
    [InlineData(DmarcPolicy.Reject)]
    [InlineData(DmarcPolicy.Quarantine)]
    public void A_forged_strict_author_is_refused_and_the_reply_names_DMARC(DmarcPolicy policy)
    {
        var reject = Decide(Reports.Forged(policy)).ShouldBeOfType<Verdict.Reject>();

        reject.EnhancedCode.ShouldBe("5.7.1");
        reject.Reason.ShouldContain("DMARC");
    }

    [Fact]
    public void When_DNS_does_not_answer_it_may_come_again() =>
        Decide(Reports.Forged(null) with { Dmarc = Reports.Alice.Dmarc with { Verdict = DmarcVerdict.TempError, Policy = null } })
            .ShouldBeOfType<Verdict.Reject>().Code.ShouldBe(451);

    [Theory]
    [InlineData("List-Id: <news.lists.example>\r\n")]
    [InlineData("X-Loop: news@lists.example\r\n")]
    [InlineData("Auto-Submitted: auto-replied\r\n")]
    [InlineData("Content-Type: multipart/report; report-type=delivery-status\r\n")]
    public void What_could_go_round_for_ever_is_dropped(string header) => Decide(Reports.Alice, header).ShouldBeOfType<Verdict.Discard>();

    [Fact]
    public void More_than_fifty_hops_are_a_loop() =>
        Decide(Reports.Alice, string.Concat(Enumerable.Repeat("Received: x\r\n", 51))).ShouldBeOfType<Verdict.Discard>();

    [Fact]
    public void A_null_reverse_path_is_dropped() =>
        Decide(Reports.Alice, "", Reports.Envelope with { ReversePath = "" }).ShouldBeOfType<Verdict.Discard>();

    [Fact]
    public void A_programs_own_mail_reaches_the_owners() =>
        Decide(Reports.Alice, "Auto-Submitted: auto-generated\r\n").ShouldBeOfType<Verdict.Accept>();

    private static Verdict Decide(AuthenticationReport report, string header = "", Envelope? envelope = null) => OwnerMail.Decide(new Candidate
    {
        List = Reports.List with { Posting = PostingPolicy.AnnounceOnly },
        Envelope = envelope ?? Reports.Envelope,
        Report = report,
        Message = Reports.Message(header),
        Author = null,
        Trust = new OperatorTrust(),
    });
}
