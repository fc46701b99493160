using ListServer.Lists.Mitigation;
using ListServer.Lists.Notices;
using ListServer.Lists.Tests.Notices;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists.Tests.Mitigation;

/// <summary>An author whose strict domain does not sign is told so in words, and not that the list broke a signature (issue 7, item 8).</summary>
public sealed class SpfOnlyTests
{
    [Theory]
    [InlineData(MitigationSetting.Auto, false, 10, MitigationAction.Rewrite)]
    [InlineData(MitigationSetting.Auto, true, 11, MitigationAction.Rewrite)]
    [InlineData(MitigationSetting.Wrap, true, 12, MitigationAction.Wrap)]
    [InlineData(MitigationSetting.Never, false, 14, MitigationAction.Hold)]
    public void The_decision_says_that_only_SPF_vouched(MitigationSetting setting, bool isModified, int row, MitigationAction action)
    {
        foreach (var (isSigned, isSaid) in new[] { (false, true), (true, false) })
        {
            var report = Reports.Alice with
            {
                Dkim = isSigned ? Reports.Alice.Dkim : [],
                Dmarc = Reports.Alice.Dmarc with { Policy = DmarcPolicy.Reject, DkimAligned = isSigned },
            };
            var decision = DecisionTable.Decide(new MitigationCase
            {
                Standing = AuthorStanding.Of(report, Reports.Envelope, new OperatorTrust()),
                Setting = setting,
                RequiresAuthorAuthentication = true,
                IsModified = isModified,
            });
            (decision.Row, decision.Action).ShouldBe((row, action));
            decision.Why.Contains("only SPF vouches for them", StringComparison.Ordinal).ShouldBe(isSaid);
            SpfOnlyAuthor.DomainOf(report).ShouldBe(isSaid ? "author.example" : "");
        }
    }

    [Fact]
    public void An_author_with_a_lax_policy_or_none_at_all_is_told_nothing()
    {
        SpfOnlyAuthor.DomainOf(Reports.Alice with { Dmarc = Reports.Alice.Dmarc with { DkimAligned = false } }).ShouldBeEmpty();
        SpfOnlyAuthor.DomainOf(Reports.Forged(DmarcPolicy.Reject)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", "does not\nsign its mail with DKIM", "does not sign")]
    [InlineData("ja", "DKIM による署名を行って", "DKIM 署名を行っていません")]
    public void Notices_say_it_to_author_and_owners(string language, string toAuthor, string toOwner)
    {
        var facts = new NoticeFacts(Reports.List with { Language = language }, "bob@example.org") { PostSubject = "Lunch", Reason = "Not a member" };
        Shipped.Templates.Render(NoticeKind.PostHeld, facts).Text.ShouldNotContain("DKIM");
        Shipped.Templates.Render(NoticeKind.PostHeld, facts with { SpfOnlyDomain = "author.example" }).Text
            .ShouldSatisfyAllConditions(t => t.ShouldContain("author.example"), t => t.ShouldContain(toAuthor), t => t.ShouldNotContain("\n\n\n"));
        var held = new HeldFacts("1", "alice@author.example", "Lunch", default, "Not a member", []) { SpfOnlyDomain = "author.example" };
        Shipped.Templates.Render(NoticeKind.HeldPost, facts with { Held = [held] }).Text
            .ShouldSatisfyAllConditions(t => t.ShouldContain("author.example"), t => t.ShouldContain(toOwner), t => t.ShouldNotContain("\n\n\n"));
    }

    [Fact] // AUTH-72, issue 7, item 8
    public void A_domain_that_the_list_accepted_as_strict_is_strict_there_only()
    {
        var list = Reports.List with { StrictDomains = ["author.example"] };
        AuthorStanding.Of(Reports.Alice, Reports.Envelope, new OperatorTrust().For(list)).IsStrict.ShouldBeTrue();
        AuthorStanding.Of(Reports.Alice, Reports.Envelope, new OperatorTrust().For(Reports.List)).IsStrict.ShouldBeFalse();
    }
}
