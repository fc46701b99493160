namespace ListServer.Lists.Notices;

/// <summary>Somebody who wants to join, as those who run the list are told of it.</summary>
/// <param name="At">When they asked.</param>
/// <param name="Accept">Lets them join.</param>
/// <param name="Refuse">Refuses them.</param>
/// <param name="Ban">Refuses them for good, without a word.</param>
public sealed record JoinFacts(DateTimeOffset At, HeldChoice Accept, HeldChoice Refuse, HeldChoice Ban)
{
    /// <summary>Nobody.</summary>
    public static readonly JoinFacts None = new(default, HeldChoice.None, HeldChoice.None, HeldChoice.None);

    internal Dictionary<string, object> Values() => new()
    {
        ["at"] = NoticeFacts.Time(At),
        ["accept"] = Accept.Values(),
        ["refuse"] = Refuse.Values(),
        ["ban"] = Ban.Values(),
    };
}
