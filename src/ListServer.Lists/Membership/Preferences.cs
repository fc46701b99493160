namespace ListServer.Lists.Membership;

/// <summary>What a member can choose about delivery.</summary>
public enum DeliveryChoice
{
    /// <summary>A copy of each post.</summary>
    Regular,

    /// <summary>Many posts in one message, each whole (multipart/digest).</summary>
    MimeDigest,

    /// <summary>Many posts in one plain text.</summary>
    PlainDigest,

    /// <summary>Once a day, what was posted, without the texts.</summary>
    DailySummary,

    /// <summary>Nothing until a date; then as before.</summary>
    Paused,

    /// <summary>Nothing, until it is switched on again.</summary>
    NoMail,
}

/// <summary>What a member wants otherwise; what is null stays.</summary>
/// <param name="Delivery">How posts come.</param>
/// <param name="Until">The end of a pause; for <see cref="DeliveryChoice.Paused"/> only, and needed there.</param>
/// <param name="OwnCopies">See <see cref="Member.OwnCopies"/>.</param>
/// <param name="AvoidsDuplicates">See <see cref="Member.AvoidsDuplicates"/>.</param>
public sealed record Preferences(DeliveryChoice? Delivery = null, DateTimeOffset? Until = null, bool? OwnCopies = null, bool? AvoidsDuplicates = null)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(366);

    /// <summary>What makes no sense, in words; null when all does.</summary>
    public string? Problem(DateTimeOffset now) => (Delivery, Until) switch
    {
        (DeliveryChoice.Paused, null) => "A pause needs the date on which it ends.",
        (not DeliveryChoice.Paused, not null) => "Only a pause has a date on which it ends.",
        (_, { } until) when until <= now => $"A pause ends in the future, not on {until:yyyy-MM-dd HH:mm zzz}.",
        (_, { } until) when until > now + LongestPause => $"A pause lasts a year at the most; {until:yyyy-MM-dd} is too far away. Without an end it is no mail.",
        _ => null,
    };

    /// <summary>The member with what is wanted.</summary>
    public Member ApplyTo(Member present)
    {
        ArgumentNullException.ThrowIfNull(present);
        var chosen = Delivery switch
        {
            null => present,
            DeliveryChoice.NoMail => present with { IsReceiving = false, PausedUntil = null },
            DeliveryChoice.Paused => present with { IsReceiving = true, PausedUntil = Until },
            var choice => present with { IsReceiving = true, PausedUntil = null, Delivery = Enum.Parse<DeliveryMode>(choice.Value.ToString()) },
        };
        return chosen with { OwnCopies = OwnCopies ?? present.OwnCopies, AvoidsDuplicates = AvoidsDuplicates ?? present.AvoidsDuplicates };
    }
}
