using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Tests.Moderation;

public sealed class ModeratorTests
{
    private static readonly Candidate Good = new()
    {
        List = Reports.List,
        Envelope = Reports.Envelope,
        Report = Reports.Alice,
        Message = Reports.Message(),
        Author = Reports.Member(MemberRole.Member),
        Trust = new OperatorTrust(),
    };

    [Fact]
    public void An_authenticated_member_s_post_is_accepted_and_every_rule_was_asked()
    {
        var decision = Moderator.Decide(Good);
        decision.Verdict.ShouldBe(new Verdict.Accept());
        decision.Rules.Select(r => r.Rule).ShouldBe(
            ["loop-list-id", "loop-list-post", "loop-token", "loop-hops", "null-sender", "report", "auto-submitted",
             "author", "author-authentication", "emergency", "banned-address", "author-action", "header-match", "spam-score", "announce-only", "nonmember", "moderated",
             "administrivia", "implicit-dest", "max-recipients", "max-size", "content-filter", "anonymous-signed", "no-subject", "digest-subject", "digest-quote", "author-rate"]);
        decision.Rules.ShouldAllBe(r => r.Verdict == null);
    }

    [Theory] // SEC-19, AUTH-55
    [InlineData("List-Id: News <news.lists.example>\r\n")]
    [InlineData("list-id : <NEWS.Lists.Example>\r\n")]
    [InlineData("List-Post: <mailto:news@lists.example>\r\n")]
    [InlineData("List-Post: <mailto:\r\n news@LISTS.example>, <https://x>\r\n")]
    [InlineData("X-Loop: news@lists.example\r\n")]
    public void What_the_list_sent_already_is_discarded(string field) =>
        Decide(Good with { Message = Reports.Message(field) }).ShouldBeOfType<Verdict.Discard>();

    [Theory]
    [InlineData("List-Id: Other <other.lists.example>\r\n")]
    [InlineData("List-Id: <xnews.lists.example>\r\n")]
    [InlineData("List-Post: <mailto:oldnews@lists.example>\r\n")]
    public void Another_list_s_mark_is_no_loop(string field) =>
        Decide(Good with { Message = Reports.Message(field) }).ShouldBeOfType<Verdict.Accept>();

    [Theory]
    [InlineData(50, typeof(Verdict.Accept))]
    [InlineData(51, typeof(Verdict.Hold))]
    public void More_than_50_hops_are_held(int hops, Type verdict) =>
        Decide(Good with { Message = Reports.Message(string.Concat(Enumerable.Repeat("Received: by x\r\n", hops))) }).ShouldBeOfType(verdict);

    [Fact] // AUTH-57
    public void A_bounce_is_discarded_whatever_its_author() =>
        Decide(Good with { Envelope = Reports.Envelope with { ReversePath = "" }, Report = Invalid() }).ShouldBeOfType<Verdict.Discard>();

    [Theory] // AUTH-57, SEC-19
    [InlineData("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n", typeof(Verdict.Discard))]
    [InlineData("Content-Type: Multipart/Report\r\n", typeof(Verdict.Discard))]
    [InlineData("Auto-Submitted: auto-replied\r\n", typeof(Verdict.Discard))]
    [InlineData("Auto-Submitted: AUTO-NOTIFIED; owner=x\r\n", typeof(Verdict.Discard))]
    [InlineData("Auto-Submitted: auto-generated (cron)\r\n", typeof(Verdict.Hold))]
    [InlineData("Auto-Submitted: no\r\n", typeof(Verdict.Accept))]
    [InlineData("Auto-Submitted: no\r\nAuto-Submitted: auto-replied\r\n", typeof(Verdict.Discard))]
    [InlineData("Content-Type: multipart/mixed; boundary=\"multipart/report\"\r\n", typeof(Verdict.Accept))]
    public void What_machines_answer_is_never_distributed(string field, Type verdict) =>
        Decide(Good with { Message = Reports.Message(field) }).ShouldBeOfType(verdict);

    [Fact] // row 1
    public void A_message_without_one_author_is_refused()
    {
        var reject = Decide(Good with { Report = Invalid() }).ShouldBeOfType<Verdict.Reject>();
        (reject.Code, reject.EnhancedCode).ShouldBe((550, "5.7.1"));
        reject.Reason.ShouldContain("two From fields");
    }

    [Fact] // row 2, AUTH-10
    public void An_author_who_can_t_be_checked_now_is_asked_to_come_again()
    {
        var report = Reports.Forged(DmarcPolicy.None);
        report = report with { Dmarc = report.Dmarc with { Verdict = DmarcVerdict.TempError, Policy = null } };
        Decide(Good with { Report = report }).ShouldBeOfType<Verdict.Reject>().Code.ShouldBe(451);
    }

    [Theory] // rows 3, 4, 5, 6
    [InlineData(DmarcPolicy.Reject, true, typeof(Verdict.Hold))]
    [InlineData(DmarcPolicy.Quarantine, false, typeof(Verdict.Hold))]
    [InlineData(DmarcPolicy.None, true, typeof(Verdict.Hold))]
    [InlineData(null, true, typeof(Verdict.Hold))]
    [InlineData(DmarcPolicy.None, false, typeof(Verdict.Accept))]
    [InlineData(null, false, typeof(Verdict.Accept))]
    public void An_author_who_was_not_authenticated_is_held_where_the_table_says_so(DmarcPolicy? policy, bool required, Type verdict) =>
        Decide(Good with { Report = Reports.Forged(policy), List = Reports.List with { RequireAuthorAuthentication = required } })
            .ShouldBeOfType(verdict);

    [Theory] // row 3, AUTH-84: the option alone is not enough
    [InlineData(SpfVerdict.Fail, true, typeof(Verdict.Reject))]
    [InlineData(SpfVerdict.SoftFail, true, typeof(Verdict.Hold))]
    [InlineData(SpfVerdict.Fail, false, typeof(Verdict.Hold))]
    public void A_forged_post_is_refused_only_by_option_with_corroboration_and_with_consent(SpfVerdict spf, bool mayFilter, Type verdict)
    {
        var report = Reports.Forged(DmarcPolicy.Reject);
        var decided = Decide(Good with
        {
            Report = report with { SpfMailFrom = report.SpfMailFrom with { Verdict = spf } },
            List = Reports.List with { RejectForgedStrict = true },
            MayFilter = mayFilter,
        });
        decided.ShouldBeOfType(verdict);
        decided.Reason.ShouldContain("DMARC"); // AUTH-14
    }

    [Fact] // AUTH-72
    public void A_domain_on_the_operator_s_list_is_strict_whatever_it_publishes()
    {
        var report = Reports.Forged(DmarcPolicy.None);
        var gmail = report with { Author = report.Author with { Address = "a@gmail.com", Domain = "gmail.com" } };
        var lax = Reports.List with { RequireAuthorAuthentication = false };
        Decide(Good with { Report = gmail, List = lax }).ShouldBeOfType<Verdict.Hold>();
        Decide(Good with { Report = gmail, List = lax, Trust = new OperatorTrust { StrictDomains = [] } }).ShouldBeOfType<Verdict.Accept>();
    }

    [Theory] // AUTH-46
    [InlineData("sealer.example", "dmarc=pass header.from=author.example", true)]
    [InlineData("sealer.example", "spf=pass; dmarc=pass (p=reject) header.from=author.example", true)]
    [InlineData("sealer.example", "dmarc=fail header.from=author.example", false)]
    [InlineData("sealer.example", "dmarc=pass header.from=other.example", false)]
    [InlineData("sealer.example", "spf=pass reason=\"; dmarc=pass header.from=author.example\"", false)]
    [InlineData("sealer.example", "none (; dmarc=pass header.from=author.example;)", false)]
    [InlineData("other.example", "dmarc=pass header.from=author.example", false)]
    public void Only_a_trusted_sealer_vouches_for_an_author(string sealer, string results, bool isAccepted)
    {
        var report = Reports.Forged(DmarcPolicy.Reject) with
        {
            Arc = new ArcResult(ArcVerdict.Pass, 1, 0, [sealer], false, "", $"mx.sealer.example; {results}"),
        };
        var trust = new OperatorTrust { Sealers = ["sealer.example"] };
        (Decide(Good with { Report = report, Trust = trust }) is Verdict.Accept).ShouldBe(isAccepted);
        Decide(Good with { Report = report }).ShouldBeOfType<Verdict.Hold>("the list of sealers is empty by default");
    }

    [Theory]
    [InlineData(PostingPolicy.Open, null, "")]
    [InlineData(PostingPolicy.Open, MemberRole.Member, "")]
    [InlineData(PostingPolicy.Members, null, "Hold The message is not from a list member")]
    [InlineData(PostingPolicy.Members, MemberRole.Member, "")]
    [InlineData(PostingPolicy.Moderated, null, "Hold The message is not from a list member")]
    [InlineData(PostingPolicy.Moderated, MemberRole.Member, "Hold The message comes from a moderated member")]
    [InlineData(PostingPolicy.Moderated, MemberRole.Moderator, "")]
    [InlineData(PostingPolicy.AnnounceOnly, null, "Reject You are not allowed to post to this mailing list: only its moderators and owners are")]
    [InlineData(PostingPolicy.AnnounceOnly, MemberRole.Member, "Reject You are not allowed to post to this mailing list: only its moderators and owners are")]
    [InlineData(PostingPolicy.AnnounceOnly, MemberRole.Owner, "")]
    public void The_posting_policy_says_who_may_post(PostingPolicy policy, MemberRole? role, string expected)
    {
        var verdict = Decide(Good with
        {
            List = Reports.List with { Posting = policy },
            Author = role is { } r ? Reports.Member(r) : null,
        });
        (verdict is Verdict.Accept ? "" : $"{verdict.GetType().Name} {verdict.Reason}").ShouldBe(expected);
    }

    [Theory] // AUTH-95
    [InlineData(PostingPolicy.Moderated)]
    [InlineData(PostingPolicy.AnnounceOnly)]
    public void A_moderator_known_by_SPF_alone_is_held(PostingPolicy policy)
    {
        var spfOnly = Reports.Alice with { Dkim = [], Dmarc = Reports.Alice.Dmarc with { DkimAligned = false } };
        var candidate = Good with
        {
            List = Reports.List with { Posting = policy },
            Author = Reports.Member(MemberRole.Owner),
            Report = spfOnly,
        };
        Decide(candidate).ShouldBeOfType<Verdict.Hold>().Reason.ShouldContain("SPF alone");
        Decide(candidate with { Envelope = Reports.Envelope with { Account = "ALICE@author.example" } }).ShouldBeOfType<Verdict.Accept>();
        Decide(candidate with { Envelope = Reports.Envelope with { Account = "bob@author.example" } }).ShouldBeOfType<Verdict.Hold>();
    }

    [Fact] // AUTH-27
    public void A_signature_that_leaves_out_the_body_s_end_authenticates_nobody()
    {
        var report = Reports.Forged(null) with { Dkim = [Reports.Signed with { CoversWholeBody = false }] };
        Decide(Good with { Report = report }).ShouldBeOfType<Verdict.Hold>();
        Decide(Good with { Report = report with { Dkim = [Reports.Signed] } }).ShouldBeOfType<Verdict.Accept>();
    }

    [Fact]
    public void Without_a_DMARC_record_a_key_that_can_t_be_fetched_now_is_a_DNS_error()
    {
        var report = Reports.Forged(null) with { Dkim = [Reports.Signed with { Verdict = DkimVerdict.TempError }] };
        Decide(Good with { Report = report }).ShouldBeOfType<Verdict.Reject>().Code.ShouldBe(451);
    }

    [Fact]
    public void A_post_that_is_too_large_is_held()
    {
        var small = Good with { List = Reports.List with { MaxPostOctets = 2048 } };
        Decide(small).ShouldBeOfType<Verdict.Accept>();
        Decide(small with { Message = Reports.Message(body: new string('a', 2048)) })
            .ShouldBe(new Verdict.Hold("The message is larger than the 2 KB maximum size"));
    }

    [Fact]
    public void All_reasons_for_a_hold_are_told()
    {
        var verdict = Decide(Good with { Report = Reports.Forged(DmarcPolicy.Reject), Author = null });
        verdict.ShouldBeOfType<Verdict.Hold>().Reason.ShouldContain("reject");
        verdict.Reason.ShouldEndWith("; The message is not from a list member");
    }

    [Fact]
    public void What_a_moderator_approved_is_not_held_again_but_a_loop_stays_a_loop()
    {
        var held = Good with { Report = Reports.Forged(DmarcPolicy.Reject), Author = null, ApprovedBy = "mod@lists.example" };
        Decide(held).ShouldBeOfType<Verdict.Accept>();
        Decide(held with { Message = Reports.Message("List-Id: <news.lists.example>\r\n") }).ShouldBeOfType<Verdict.Discard>();
    }

    private static AuthenticationReport Invalid() => Reports.Alice with { Author = new AuthorResult(null, null, null, "two From fields") };

    private static Verdict Decide(Candidate candidate) => Moderator.Decide(candidate).Verdict;
}
