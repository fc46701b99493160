using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;

namespace ListServer.Lists.Tests.Moderation;

/// <summary>What was decided about single authors (LIST-default: member and nonmember actions).</summary>
public sealed class AuthorActionTests
{
    private static readonly Candidate Stranger = new()
    {
        List = Reports.List,
        Envelope = Reports.Envelope,
        Report = Reports.Alice,
        Message = Reports.Message(),
        Author = null,
        Trust = new OperatorTrust(),
    };

    [Theory]
    [InlineData(AuthorAction.Accept, typeof(Verdict.Accept), "")]
    [InlineData(AuthorAction.Hold, typeof(Verdict.Hold), "The sender is in the nonmember hold list; The message is not from a list member")]
    [InlineData(AuthorAction.Reject, typeof(Verdict.Reject), "You are not allowed to post to this mailing list")]
    [InlineData(AuthorAction.Discard, typeof(Verdict.Discard), "The sender is in the nonmember discard list")]
    public void It_decides_about_nonmembers(AuthorAction action, Type verdict, string reason)
    {
        var decided = Moderator.Decide(Stranger with { AuthorRule = Rule(action) }).Verdict;

        decided.ShouldBeOfType(verdict);
        decided.Reason.ShouldBe(reason);
    }

    [Fact]
    public void A_member_who_is_held_is_a_moderated_one_and_a_moderator_never_is()
    {
        var member = Stranger with { Author = Reports.Member(MemberRole.Member), AuthorRule = Rule(AuthorAction.Hold) };
        Moderator.Decide(member).Verdict.ShouldBe(new Verdict.Hold("The message comes from a moderated member"));

        Moderator.Decide(member with { Author = Reports.Member(MemberRole.Moderator), Message = Reports.Message("To: news@lists.example\r\n") })
            .Verdict.ShouldBeOfType<Verdict.Accept>();
    }

    [Theory] // AUTH-95
    [InlineData(PostingPolicy.Moderated)]
    [InlineData(PostingPolicy.AnnounceOnly)]
    public void Where_posts_are_read_first_trust_holds_for_an_author_whom_DKIM_proves(PostingPolicy policy)
    {
        var trusted = Stranger with
        {
            List = Reports.List with { Posting = policy },
            Message = Reports.Message("To: news@lists.example\r\n"),
            AuthorRule = Rule(AuthorAction.Accept),
        };
        Moderator.Decide(trusted).Verdict.ShouldBeOfType<Verdict.Accept>();
        Moderator.Decide(trusted with { Report = Reports.Alice with { Dkim = [], Dmarc = Reports.Alice.Dmarc with { DkimAligned = false } } }).Verdict.ShouldBeOfType<Verdict.Hold>();
    }

    [Fact]
    public void What_a_moderator_approved_is_neither_refused_nor_dropped()
    {
        foreach (var action in Enum.GetValues<AuthorAction>())
        {
            Moderator.Decide(Stranger with { AuthorRule = Rule(action), ApprovedBy = "olga" }).Verdict.ShouldBeOfType<Verdict.Accept>();
        }
    }

    private static AuthorRule Rule(AuthorAction action) => new(Reports.List.Address, "alice@author.example", action, default, "test");
}
