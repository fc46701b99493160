using ListServer.Distribution;
using ListServer.Lists.Announcements;
using ListServer.Store;

namespace ListServer.Tests.Distribution;

/// <summary>Who goes with whom, and who goes first.</summary>
public sealed class GroupPlanTests
{
    private static readonly Roster Roster = new(
        [new RosterDestination("a.example", Addresses("a", 1)), new RosterDestination("b.example", Addresses("b", 25)), new RosterDestination("c.example", Addresses("c", 1_500))], 1_526);

    public static TheoryData<SendingPlan?, string> Plans => new()
    {
        { null, "a1 b25 c1000 c500" },
        { new SendingPlan(), "a1 b25 c1000 c500" },
        { new SendingPlan { First = 5, ThenAfter = TimeSpan.Zero }, "a1 b2 c2 | b23 c1000 c498" },
        { new SendingPlan { First = 60, ThenAfter = TimeSpan.Zero }, "a1 b25 c34 | c1000 c466" },
        { new SendingPlan { First = 9_999, ThenAfter = TimeSpan.Zero }, "a1 b25 c1000 c500 | " },
        { new SendingPlan { First = 30, Rate = new SendingRate(60, TimeSpan.FromMinutes(1)) }, "a1 b10 b5 c10 c4 | b10 " + string.Join(' ', Enumerable.Repeat("c10", 148)) + " c6" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Every_recipient_is_in_one_group_of_the_size_and_wave_of_the_plan(SendingPlan? plan, string expected)
    {
        var groups = GroupPlan.Of(Roster, plan).ToList();

        groups.SelectMany(g => g.Addresses).Order().ShouldBe(Roster.Destinations.SelectMany(d => d.Addresses).Order());
        string Shown(SendingWave wave) => string.Join(' ', groups.Where(g => g.Wave == wave).Select(g => $"{g.Destination[0]}{g.Addresses.Count}"));
        (plan is { First: > 0 } ? $"{Shown(SendingWave.First)} | {Shown(SendingWave.Rest)}" : Shown(SendingWave.First)).ShouldBe(expected);
    }

    private static System.Collections.Immutable.ImmutableArray<string> Addresses(string domain, int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"m{i}@{domain}.example")];
}
