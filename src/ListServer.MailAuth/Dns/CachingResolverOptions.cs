namespace ListServer.MailAuth.Dns;

/// <summary>How long and how much a <see cref="CachingResolver"/> keeps.</summary>
public sealed record CachingResolverOptions
{
    /// <summary>How many answers are kept at most; one of many octets counts as several, one for each 512.</summary>
    public int MaxAnswers { get; init; } = 20_000;

    /// <summary>The longest time for which records are kept, whatever their TTL.</summary>
    public TimeSpan MaxPositive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time for which "no such name" and "no such record" are kept, whatever the SOA says (RFC 2308 §5).</summary>
    public TimeSpan MaxNegative { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a failure is kept, so that a dead server is not asked many times for one message; zero for not at all.</summary>
    public TimeSpan Failure { get; init; } = TimeSpan.FromSeconds(3);
}
