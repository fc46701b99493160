namespace ListServer.Lists.Bounces;

/// <summary>
/// How often copies to a member were refused for the member's own sake. Refusals count at most once in a day, a week without one forgets
/// them, and at five the member is suspended. What a receiver refuses for policy or for the copy itself never counts (AUTH-59).
/// </summary>
/// <param name="Score">The sum.</param>
/// <param name="LastAt">When the last one was counted.</param>
/// <param name="Words">The receiver's words then.</param>
public sealed record BounceScore(double Score, DateTimeOffset LastAt, string Words)
{
    /// <summary>At this score a member is suspended.</summary>
    public const double Threshold = 5;

    private static readonly TimeSpan Once = TimeSpan.FromDays(1);

    /// <summary>After so long without a refusal those before are forgotten.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromDays(7);

    /// <summary>True when so much time has gone by that nothing of it counts.</summary>
    public bool IsStale(DateTimeOffset now) => now >= LastAt + Stale;

    /// <summary>What a refusal counts; 0 for one that is not the member's fault, or not for good.</summary>
    public static double WeightOf(RefusalClass refusal) => refusal switch
    {
        RefusalClass.Address or RefusalClass.Unexplained => 1,
        RefusalClass.MailboxFull or RefusalClass.Route => 0.5,
        _ => 0,
    };

    /// <summary>The score after one more refusal; <paramref name="before"/> itself when it does not count.</summary>
    /// <param name="before">The score so far, or null.</param>
    /// <param name="refusal">Whose fault it is.</param>
    /// <param name="at">When.</param>
    /// <param name="words">The receiver's words.</param>
    public static BounceScore? After(BounceScore? before, RefusalClass refusal, DateTimeOffset at, string words)
    {
        var weight = WeightOf(refusal);
        if (weight == 0 || (before is not null && at < before.LastAt + Once))
        {
            return before;
        }

        return new BounceScore((before is null || before.IsStale(at) ? 0 : before.Score) + weight, at, words);
    }
}
