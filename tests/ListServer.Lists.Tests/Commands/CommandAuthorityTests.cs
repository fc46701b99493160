using ListServer.Lists.Commands;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Tests.Commands;

/// <summary>AUTH-95, AUTH-97, SEC-20.</summary>
public sealed class CommandAuthorityTests
{
    private static readonly AuthenticationReport BySpfOnly = Reports.Alice with
    {
        Dkim = [],
        Dmarc = Reports.Alice.Dmarc with { DkimAligned = false },
    };

    private static readonly AuthenticationReport Unknown = Reports.Forged(null) with
    {
        SpfMailFrom = new SpfResult(SpfVerdict.None, "author.example", "no record"),
    };

    [Fact]
    public void An_aligned_signature_acts() => Of(Reports.Alice).ShouldBe(Authority.Acting);

    [Fact]
    public void The_authors_own_account_acts() =>
        Of(Unknown, Reports.Envelope with { Account = "alice@author.example" }).ShouldBe(Authority.Acting);

    [Fact]
    public void SPF_alone_never_acts() => Of(BySpfOnly).ShouldBe(Authority.Answerable);

    [Fact]
    public void A_strangers_signature_never_acts() =>
        Of(Unknown with { Dkim = [Reports.Signed with { Domain = "other.example" }] }).ShouldBe(Authority.Claimed);

    [Fact]
    public void A_signature_that_leaves_out_octets_never_acts() =>
        Of(Unknown with { Dkim = [Reports.Signed with { CoversWholeBody = false }] }).ShouldBe(Authority.Claimed);

    [Fact]
    public void Without_any_proof_the_address_is_only_claimed() => Of(Unknown).ShouldBe(Authority.Claimed);

    [Theory]
    [InlineData(DmarcPolicy.Reject)]
    [InlineData(DmarcPolicy.Quarantine)]
    public void A_failing_strict_author_is_believed_nothing(DmarcPolicy policy) => Of(Reports.Forged(policy)).ShouldBe(Authority.None);

    [Fact]
    public void A_client_that_SPF_rules_out_is_believed_nothing() => Of(Reports.Forged(null)).ShouldBe(Authority.None);

    [Fact]
    public void An_author_other_than_the_sender_is_believed_nothing() =>
        Of(Unknown, Reports.Envelope with { ReversePath = "mallory@evil.example" }).ShouldBe(Authority.None);

    [Fact]
    public void When_DNS_does_not_answer_nothing_is_believed() =>
        Of(Unknown with { Dmarc = Unknown.Dmarc with { Verdict = DmarcVerdict.TempError } }).ShouldBe(Authority.None);

    public static TheoryData<Authority, string> Plans => new()
    {
        { Authority.None, "AskJoin AskLeave Redeem PassOver PassOver PassOver" },
        { Authority.Claimed, "AskJoin AskLeave Redeem TellHelp TellHelp TellHelp" },
        { Authority.Answerable, "AskJoin AskLeave Redeem Tell Tell Tell" },
        { Authority.Acting, "AskJoin LeaveNow Redeem Tell Tell Tell" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void What_is_done_depends_on_what_is_believed(Authority authority, string expected)
    {
        var mail = new CommandMail(
            [new Command.Join("j"), new Command.Leave("l"), new Command.Confirm("c", "t"), new Command.Help("h"), new Command.Info("i"), new Command.Unknown("u")],
            IsCut: false);

        string.Join(' ', CommandStep.Plan(mail, Reports.List, authority).Select(step => step.GetType().Name)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(SubscriptionPolicy.Open, Authority.Acting, "JoinNow")]
    [InlineData(SubscriptionPolicy.Moderate, Authority.Acting, "JoinNow")]
    [InlineData(SubscriptionPolicy.Open, Authority.Answerable, "AskJoin")]
    [InlineData(SubscriptionPolicy.Moderate, Authority.None, "AskJoin")]
    [InlineData(SubscriptionPolicy.ConfirmThenModerate, Authority.Acting, "AskJoin")]
    [InlineData(SubscriptionPolicy.Confirm, Authority.Acting, "AskJoin")]
    [InlineData(SubscriptionPolicy.Closed, Authority.Acting, "AskJoin")]
    public void AUTH_95_only_DKIM_or_an_account_joins_without_a_question_where_the_list_wants_none(SubscriptionPolicy policy, Authority authority, string expected) =>
        CommandStep.Plan(new CommandMail([new Command.Join("j")], false), Reports.List with { Subscription = policy }, authority)
            .ShouldHaveSingleItem().GetType().Name.ShouldBe(expected);

    private static Authority Of(AuthenticationReport report, Envelope? envelope = null) =>
        CommandAuthority.Of(report, envelope ?? Reports.Envelope, new OperatorTrust());
}
