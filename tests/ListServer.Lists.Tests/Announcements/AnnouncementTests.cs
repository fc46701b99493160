using ListServer.Lists.Announcements;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Lists.Tests.Announcements;

/// <summary>What a plan lets go, and when an announcement stops by itself (ui.md, "Announce").</summary>
public sealed class AnnouncementTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Announcement Plain = new("01", "news@lists.example", Start, "ken", new SendingPlan());

    public static TheoryData<Announcement, int?, int?> Openings => new()
    {
        // What stands there; minutes after which the first and the rest may leave.
        { Plain, null, null },
        { Plain.Started(Start), 0, null },
        { Plain.Started(Start).Paused(Start.AddMinutes(1), "ken"), null, null },
        { Plain.Started(Start).Paused(Start.AddMinutes(1), "ken").Resumed(Start.AddMinutes(9)), 0, null },
        { Plain.Started(Start).Stopped("ken"), null, null },
        { FirstThen(TimeSpan.FromMinutes(30)).Started(Start), 0, 30 },
        { FirstThen(TimeSpan.FromMinutes(30)).Started(Start).Paused(Start.AddMinutes(10), "ken").Resumed(Start.AddMinutes(50)), 0, 70 },
        { FirstThen(null).Started(Start), 0, null },
        { FirstThen(null).Started(Start).Resumed(Start.AddMinutes(7)), 0, 7 },
        { FirstThen(null).Started(Start).Paused(Start.AddMinutes(1), "ken").Resumed(Start.AddMinutes(2)), 0, null },
    };

    public static TheoryData<int, int, int, int, int, bool> Refusals => new()
    {
        // Share in percent, delivered, refused, recipients, those who get it first; whether it stops.
        { 5, 400, 25, 10_000, 0, false },
        { 5, 400, 26, 10_000, 0, true },
        { 5, 0, 26, 10_000, 0, true },
        { 5, 470, 26, 10_000, 0, true },
        { 20, 300, 100, 10_000, 0, false },
        { 20, 300, 101, 10_000, 0, true },
        { 100, 0, 500, 10_000, 0, false },
        { 5, 10, 5, 100, 0, false },
        { 5, 10, 6, 100, 0, true },
        { 5, 0, 2, 10, 0, false },
        { 5, 0, 3, 10, 0, true },
        { 5, 47, 3, 10_000, 50, true },
        { 5, 48, 3, 10_000, 50, false },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public void Waves_leave_when_the_plan_says_so(Announcement announcement, int? first, int? rest)
    {
        announcement.OpensAt(SendingWave.First).ShouldBe(first is { } f ? Start.AddMinutes(f) : null);
        announcement.OpensAt(SendingWave.Rest).ShouldBe(rest is { } r ? Start.AddMinutes(r) : null);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void It_stops_when_more_than_its_share_of_the_first_500_refuse(int percent, int delivered, int refused, int recipients, int first, bool stops)
    {
        var plan = new SendingPlan { StopAtRefusals = percent / 100.0, First = first };
        var after = (Plain with { Plan = plan }).Started(Start).After(delivered + refused - 1, delivered, refused, recipients - delivered - refused, recipients);

        after.State.ShouldBe(stops ? AnnouncementState.Stopped : AnnouncementState.Sending);
        after.Reason.Contains($"{refused} of the first {delivered + refused} were refused for good", StringComparison.Ordinal).ShouldBe(stops);
    }

    [Fact]
    public void Refusals_behind_the_first_500_do_not_stop_it() =>
        Plain.Started(Start).After(before: 500, delivered: 400, refused: 300, waiting: 9_300, recipients: 10_000).State.ShouldBe(AnnouncementState.Sending);

    [Fact]
    public void What_is_over_stays_as_it_is()
    {
        var done = Plain.Started(Start).After(before: 1, delivered: 2, refused: 0, waiting: 0, recipients: 2);
        done.State.ShouldBe(AnnouncementState.Done);
        foreach (var over in new[] { done, Plain.Stopped("ken") })
        {
            over.Paused(Start, "x").ShouldBe(over);
            over.Resumed(Start).ShouldBe(over);
            over.Stopped("y").ShouldBe(over);
            over.Started(Start).ShouldBe(over);
            over.Rescheduled(Start).ShouldBe(over);
            over.After(0, 0, 400, 1, 401).ShouldBe(over);
        }
    }

    [Fact]
    public void Its_time_can_be_changed_before_it_began_and_not_later()
    {
        var at = Start.AddDays(1);
        Plain.Rescheduled(at).StartsAt.ShouldBe(at);
        Plain.StartsAt.ShouldBe(Start);
        Plain.Paused(Start, "ken").StartsAt.ShouldBeNull();
        Plain.Paused(Start, "ken").Rescheduled(at).Resumed(Start).StartsAt.ShouldBe(at);
        Plain.Started(Start).Rescheduled(at).Plan.NotBefore.ShouldBeNull();
    }

    [Fact]
    public void The_time_of_pauses_is_left_out_of_its_speed()
    {
        var paused = Plain.Started(Start).Paused(Start.AddMinutes(2), "ken");
        paused.SendingFor(Start.AddHours(1)).ShouldBe(TimeSpan.FromMinutes(2));
        paused.Resumed(Start.AddMinutes(50)).SendingFor(Start.AddHours(1)).ShouldBe(TimeSpan.FromMinutes(12));
    }

    [Fact]
    public void Its_speed_to_all_others_is_counted_from_when_they_may_leave()
    {
        foreach (var open in new[] { FirstThen(TimeSpan.FromMinutes(30)).Started(Start), FirstThen(null).Started(Start).Resumed(Start.AddMinutes(30)) })
        {
            open.IsRestOpen(Start.AddMinutes(29)).ShouldBeFalse();
            open.IsRestOpen(Start.AddMinutes(30)).ShouldBeTrue();
            var paused = open.Paused(Start.AddMinutes(34), "ken");
            paused.SendingFor(Start.AddHours(2)).ShouldBe(TimeSpan.FromMinutes(4));
            paused.Resumed(Start.AddHours(2)).SendingFor(Start.AddHours(3)).ShouldBe(TimeSpan.FromMinutes(64));
        }
    }

    [Theory]
    [InlineData(10, 60, 1)]
    [InlineData(600, 60, 100)]
    [InlineData(1_000_000, 60, 1_000)]
    public void A_rate_is_kept_in_groups_of_ten_seconds_and_never_more_than_one_is_ahead(int count, int seconds, int size)
    {
        var time = new FakeTimeProvider(Start);
        var rate = new SendingRate(count, TimeSpan.FromSeconds(seconds));
        new SendingPlan { Rate = rate }.GroupSize(1_000).ShouldBe(size);
        var (throttle, sent) = (default(Throttle), 0);
        for (var i = 0; i < 36_000; i++)
        {
            if (throttle.OpensAt <= time.GetUtcNow())
            {
                throttle = throttle.After(size, rate, time.GetUtcNow());
                sent += size;
            }

            sent.ShouldBeLessThanOrEqualTo((int)((time.GetUtcNow() - Start) / rate.Each) + size);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        // No faster than the rate; as fast as one group in each 100 ms of this clock allows.
        sent.ShouldBeGreaterThanOrEqualTo((int)Math.Min(TimeSpan.FromHours(1) / rate.Each, 36_000.0 * size) - size);
    }

    [Fact]
    public void What_a_rate_left_unused_is_not_saved_up() =>
        default(Throttle).After(10, new SendingRate(60, TimeSpan.FromMinutes(1)), Start).After(10, new SendingRate(60, TimeSpan.FromMinutes(1)), Start.AddHours(1))
            .OpensAt.ShouldBe(Start.AddHours(1).AddSeconds(10));

    [Fact]
    public void A_plan_that_makes_no_sense_is_told()
    {
        SendingPlan[] plans =
        [
            new() { Rate = new SendingRate(0, TimeSpan.FromMinutes(1)) },
            new() { Rate = new SendingRate(1, TimeSpan.Zero) },
            new() { First = -1 },
            new() { ThenAfter = TimeSpan.FromMinutes(1) },
            new() { First = 1, ThenAfter = TimeSpan.FromMinutes(-1) },
            new() { StopAtRefusals = 0 },
            new() { StopAtRefusals = double.NaN },
            new() { StopAtRefusals = 1.1 },
        ];
        plans.ShouldAllBe(plan => plan.Problem() != null);
        new SendingPlan { First = 50, ThenAfter = TimeSpan.FromMinutes(30), Rate = new SendingRate(1, TimeSpan.FromHours(1)), StopAtRefusals = 1 }.Problem().ShouldBeNull();
    }

    private static Announcement FirstThen(TimeSpan? after) => Plain with { Plan = new SendingPlan { First = 50, ThenAfter = after } };
}
