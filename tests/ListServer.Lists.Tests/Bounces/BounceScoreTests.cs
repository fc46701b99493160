using ListServer.Lists.Bounces;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>AUTH-59, LIST-pain-1: what counts against a member, how much, and for how long.</summary>
public sealed class BounceScoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RefusalClass.Address, 1)]
    [InlineData(RefusalClass.Unexplained, 1)]
    [InlineData(RefusalClass.MailboxFull, 0.5)]
    [InlineData(RefusalClass.Route, 0.5)]
    [InlineData(RefusalClass.Policy, 0)]
    [InlineData(RefusalClass.Message, 0)]
    [InlineData(RefusalClass.Transient, 0)]
    public void A_refusal_counts_by_whose_fault_it_is(RefusalClass refusal, double weight) =>
        (BounceScore.After(null, refusal, Start, "")?.Score ?? 0).ShouldBe(weight);

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 2)]
    [InlineData(6.9, 2)]
    [InlineData(7, 1)]
    public void A_second_refusal_counts_a_day_later_and_within_a_week(double days, double score) =>
        BounceScore.After(BounceScore.After(null, RefusalClass.Address, Start, ""), RefusalClass.Address, Start.AddDays(days), "")!.Score.ShouldBe(score);

    [Fact]
    public void Five_days_of_refusals_reach_the_threshold_and_four_do_not()
    {
        BounceScore? score = null;
        for (var day = 0; day < 4; day++)
        {
            score = BounceScore.After(score, RefusalClass.Address, Start.AddDays(day), "550 no such user");
        }

        score!.Score.ShouldBeLessThan(BounceScore.Threshold);
        BounceScore.After(score, RefusalClass.Policy, Start.AddDays(4), "550 5.7.1 spam").ShouldBe(score);
        BounceScore.After(score, RefusalClass.Address, Start.AddDays(4), "").ShouldNotBeNull().Score.ShouldBe(BounceScore.Threshold);
    }
}
