namespace ListServer.Lists.Digests;

/// <summary>How long a post waits for a digest at the most.</summary>
public enum DigestPeriod
{
    /// <summary>A day.</summary>
    Daily,

    /// <summary>A week.</summary>
    Weekly,
}

/// <summary>When a digest's volume is full.</summary>
public enum DigestVolume
{
    /// <summary>With the month.</summary>
    Monthly,

    /// <summary>With the year.</summary>
    Yearly,
}

/// <summary>Which digest was the last, and when.</summary>
/// <param name="Volume">From 1.</param>
/// <param name="Issue">From 1 in each volume.</param>
/// <param name="At">When it was made.</param>
public sealed record DigestNumber(int Volume, int Issue, DateTimeOffset At)
{
    /// <summary>The number of a digest that is made now.</summary>
    /// <param name="last">The last one; null for none yet.</param>
    /// <param name="volume">When a volume is full.</param>
    /// <param name="now">The present moment.</param>
    public static DigestNumber Next(DigestNumber? last, DigestVolume volume, DateTimeOffset now) => last switch
    {
        null => new DigestNumber(1, 1, now),
        _ when IsSame(last.At.UtcDateTime, now.UtcDateTime, volume) => new DigestNumber(last.Volume, last.Issue + 1, now),
        _ => new DigestNumber(last.Volume + 1, 1, now),
    };

    private static bool IsSame(DateTime last, DateTime now, DigestVolume volume) =>
        last.Year == now.Year && (volume is DigestVolume.Yearly || last.Month == now.Month);
}

/// <summary>When a list's digests go out.</summary>
public static class DigestSchedule
{
    /// <summary>A summary is made of what a day brought.</summary>
    public static readonly TimeSpan SummaryPeriod = TimeSpan.FromDays(1);

    /// <summary>How long the first of a digest's posts waits.</summary>
    public static TimeSpan PeriodOf(MailingList list) => TimeSpan.FromDays(list.DigestPeriod is DigestPeriod.Weekly ? 7 : 1);

    /// <summary>True when so much waits that the digest goes before its time.</summary>
    public static bool IsFull(MailingList list, long octets) => list.DigestKilobytes > 0 && octets >= list.DigestKilobytes * 1024L;
}
