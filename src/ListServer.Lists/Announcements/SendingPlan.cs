namespace ListServer.Lists.Announcements;

/// <summary>How an announcement is sent: when, how fast, and how many first.</summary>
public sealed record SendingPlan
{
    /// <summary>What <see cref="StopAtRefusals"/> is unless somebody says otherwise.</summary>
    public const double UsualRefusals = 0.05;

    // What goes at once under a limit of speed: so much as the limit lets go in this time.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    /// <summary>Nothing goes before; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>No faster than this; null for as fast as the receivers take it.</summary>
    public SendingRate? Rate { get; init; }

    /// <summary>So many recipients get it first; 0 for all together.</summary>
    public int First { get; init; }

    /// <summary>So long after the first, pauses left out, the others follow; null when they wait until somebody says so.</summary>
    public TimeSpan? ThenAfter { get; init; }

    /// <summary>More than this share of hard refusals stops it: above 0, and 1 for never.</summary>
    public double StopAtRefusals { get; init; } = UsualRefusals;

    /// <summary>How many recipients may go as one.</summary>
    /// <param name="most">The most there can be.</param>
    public int GroupSize(int most) => Rate is null ? most : (int)Math.Clamp(Slice / Rate.Each, 1, most);

    /// <summary>What makes no sense, in words; null when all does.</summary>
    public string? Problem() => this switch
    {
        { Rate: { Count: < 1 } or { Per.Ticks: <= 0 } } => "A rate is at least one recipient in some time.",
        { First: < 0 } => "How many get it first can't be less than none.",
        { First: 0, ThenAfter: not null } => "A wait before the others needs a number who get it first.",
        { ThenAfter.Ticks: < 0 } => "The wait before the others can't be less than none.",
        { StopAtRefusals: not (> 0 and <= 1) } => "The share of refusals that stops it is above 0 % and at most 100 %.",
        _ => null,
    };
}

/// <summary>So many recipients in so much time.</summary>
/// <param name="Count">At least one.</param>
/// <param name="Per">More than no time.</param>
public sealed record SendingRate(int Count, TimeSpan Per)
{
    /// <summary>The time for one.</summary>
    public TimeSpan Each => Per / Count;
}
