using ListServer.Outbound;
using ListServer.Smtp;

namespace ListServer.Tests.Outbound;

/// <summary>How a destination's pace follows from what it answers.</summary>
public sealed class PaceTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Outcome Taken = Reply(250, "2.0.0", "taken", SessionPhase.Final);
    private static readonly Outcome Busy = Reply(421, "4.3.2", "busy", SessionPhase.Mail);
    private static readonly Outcome Flood = Reply(421, "4.7.28", "unusual rate of mail", SessionPhase.Recipient);

    public static TheoryData<Outcome, string> Answers => new()
    {
        { Taken, "9" },
        { Busy, "4" },
        { Reply(421, "", "closing", SessionPhase.Banner), "4" },
        { Reply(450, "4.7.1", "greylisted", SessionPhase.Recipient), "4" },
        { Reply(451, "4.7.650", "throttled", SessionPhase.Final), "4" },
        { Reply(452, "4.5.3", "Too many connections from your host", SessionPhase.Mail), "4" },
        { Reply(554, "", "too many concurrent SMTP sessions", SessionPhase.Banner), "4" },
        { Outcome.Local(451, "4.4.1", "refused", SessionPhase.Connect, OutcomeCause.Connection), "4" },
        { Outcome.Local(451, "4.4.2", "no answer within 300 s", SessionPhase.Final, OutcomeCause.Connection), "4" },
        { Reply(450, "4.2.1", "try later", SessionPhase.Recipient), "8" },
        { Reply(452, "4.2.2", "mailbox full", SessionPhase.Recipient), "8" },
        { Reply(452, "4.5.3", "too many recipients", SessionPhase.Recipient), "8" },
        { Reply(550, "5.1.1", "no such user", SessionPhase.Recipient), "8" },
        { Reply(550, "5.7.28", "mail flood", SessionPhase.Final), "8" },
        { Outcome.Local(451, "4.4.3", "DNS gave no answer", SessionPhase.Route, OutcomeCause.Dns), "8" },
        { Outcome.Local(451, "4.3.2", "we stop", SessionPhase.Connect, OutcomeCause.Stopped), "8" },
        { Flood, "1 after 10 min" },
        { Reply(450, "4.7.28", "unusual rate of mail", SessionPhase.Final), "1 after 10 min" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void At_eight_connections_each_answer_does_its_own(Outcome answer, string expected)
    {
        var pace = After(Grown(8), answer, inUse: 8);
        var pause = pace.NotBefore is { } at ? $" after {(at - Start).TotalMinutes} min" : "";
        $"{pace.Allowed}{pause}".ShouldBe(expected);
    }

    [Fact]
    public void It_begins_with_one_and_grows_only_while_all_are_in_use_up_to_the_most()
    {
        var pace = New(most: 4);
        pace.Allowed.ShouldBe(1);
        pace = After(pace, Taken, inUse: 1);
        pace.Allowed.ShouldBe(2);
        After(pace, Taken, inUse: 1).Allowed.ShouldBe(2);
        for (var i = 0; i < 20; i++)
        {
            pace = After(pace, Taken, inUse: pace.Allowed);
        }

        pace.Allowed.ShouldBe(4);
    }

    [Fact]
    public void A_minute_after_a_slowing_it_grows_by_one_for_each_time_that_all_were_served()
    {
        var pace = After(Grown(8), Busy, inUse: 8);
        for (var second = 0; second < 60; second++)
        {
            pace = pace.After([Taken], 4, Start + TimeSpan.FromSeconds(second), 0);
            pace.Allowed.ShouldBe(4);
        }

        int[] allowed = [4, 4, 4, 5, 5, 5, 5, 5, 6];
        foreach (var expected in allowed)
        {
            pace = pace.After([Taken], pace.Allowed, Start + TimeSpan.FromSeconds(60), 0);
            pace.Allowed.ShouldBe(expected);
        }
    }

    [Fact]
    public void What_the_connections_of_the_old_pace_bring_back_is_the_same_news()
    {
        var pace = Grown(8);
        foreach (var inUse in new[] { 8, 7, 6, 5 })
        {
            pace = After(pace, Busy, inUse);
            pace.Allowed.ShouldBe(4);
        }

        After(pace, Busy, inUse: 4).Allowed.ShouldBe(2);
    }

    [Fact]
    public void At_one_connection_it_pauses_longer_each_time_up_to_the_longest_with_chance_in_it()
    {
        double[] seconds = [30, 60, 120, 240, 300, 300];
        var (pace, now) = (New(), Start);
        foreach (var expected in seconds)
        {
            var more = pace.After([Busy], 1, now, 1).NotBefore!.Value - now;
            more.TotalSeconds.ShouldBe(Math.Min(300, expected * 1.25), 0.001);
            pace = pace.After([Busy], 1, now, 0);
            pace.Allowed.ShouldBe(1);
            (pace.NotBefore!.Value - now).TotalSeconds.ShouldBe(expected, 0.001);
            pace.IsOpen(pace.NotBefore.Value - TimeSpan.FromTicks(1)).ShouldBeFalse();
            now = pace.NotBefore.Value;
            pace.IsOpen(now).ShouldBeTrue();
        }

        pace = pace.After([Taken], 1, now, 0).After([Busy], 2, now, 0);
        pace.Allowed.ShouldBe(1);
        (pace.After([Busy], 1, now, 0).NotBefore!.Value - now).TotalSeconds.ShouldBe(30, 0.001);
    }

    [Fact]
    public void A_recipient_that_is_greylisted_makes_no_pause() => After(New(), Reply(451, "4.7.1", "greylisted", SessionPhase.Recipient), 1).NotBefore.ShouldBeNull();

    [Fact]
    public void AUTH_74_behind_4_7_28_nothing_goes_out_for_ten_minutes_and_then_one_connection_for_an_hour()
    {
        var pace = After(Grown(8), Flood, inUse: 8);
        pace.BlockedBy(Start).ShouldBe(Flood);

        // Copies that were under way come to their end, some of them well.
        pace = After(After(pace, Taken, inUse: 1), Busy, inUse: 1);
        pace.IsOpen(Start + TimeSpan.FromSeconds(599)).ShouldBeFalse();
        pace.BlockedBy(Start + TimeSpan.FromSeconds(599)).ShouldBe(Flood);

        var open = Start + TimeSpan.FromMinutes(10);
        pace.IsOpen(open).ShouldBeTrue();
        pace.BlockedBy(open).ShouldBeNull();
        for (var minute = 0; minute < 60; minute++)
        {
            pace = pace.After([Taken], 1, open + TimeSpan.FromMinutes(minute), 0);
            pace.Allowed.ShouldBe(1);
        }

        pace.After([Taken], 1, open + TimeSpan.FromMinutes(60), 0).Allowed.ShouldBe(2);
    }

    [Fact]
    public void A_pause_can_be_ended_and_a_block_can_not()
    {
        After(New(), Busy, 1).WithoutPause(Start).IsOpen(Start).ShouldBeTrue();
        After(New(), Flood, 1).WithoutPause(Start).BlockedBy(Start).ShouldBe(Flood);
    }

    [Fact]
    public void The_gravest_answer_of_a_transaction_counts()
    {
        Grown(8).After([Taken, Reply(550, "5.1.1", "unknown", SessionPhase.Recipient), Busy, Taken], 8, Start, 0).Allowed.ShouldBe(4);
        Grown(8).After([Busy, Flood], 8, Start, 0).BlockedBy(Start).ShouldBe(Flood);
        Grown(8).After([], 8, Start, 0).ShouldBe(Grown(8));
    }

    // 16 connections in all, 4 of them kept: in use, busy lanes, the lane's own, is it proven, may it have one more.
    [Theory]
    [InlineData(0, 0, 0, false, true)]
    [InlineData(11, 11, 0, false, true)]
    [InlineData(12, 12, 0, false, false)]
    [InlineData(12, 12, 0, true, true)]
    [InlineData(15, 12, 0, true, true)]
    [InlineData(16, 12, 0, true, false)]
    [InlineData(11, 1, 11, true, true)]
    [InlineData(12, 1, 12, true, false)]
    [InlineData(6, 2, 5, true, true)]
    [InlineData(7, 2, 6, true, false)]
    [InlineData(5, 3, 3, false, true)]
    [InlineData(6, 3, 4, false, false)]
    public void A_lane_gets_its_share(int inUse, int busy, int active, bool isProven, bool expected) =>
        new FairShare(16, inUse, busy).Admits(active, isProven).ShouldBe(expected);

    private static Pace New(int most = 20) => new(most, TimeSpan.FromMinutes(5));

    private static Pace Grown(int to)
    {
        var pace = New();
        while (pace.Allowed < to)
        {
            pace = After(pace, Taken, pace.Allowed);
        }

        return pace;
    }

    private static Pace After(Pace pace, Outcome outcome, int inUse) => pace.After([outcome], inUse, Start, 0);

    private static Outcome Reply(int code, string enhanced, string text, SessionPhase phase) =>
        new(new SmtpReply(code, enhanced, text), phase, OutcomeCause.Reply, "mx.example[192.0.2.1]:25");
}
