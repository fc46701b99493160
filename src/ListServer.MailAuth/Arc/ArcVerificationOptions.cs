namespace ListServer.MailAuth.Arc;

/// <summary>Bounds on the work that one message may cause (AUTH-98).</summary>
public sealed record ArcVerificationOptions
{
    private readonly int _maximumSets = ArcSets.MaximumInstance;

    /// <summary>A chain of more sets fails. 1 to 50, which is also the most that RFC 8617 §4.2.1 allows.</summary>
    public int MaximumSets
    {
        get => _maximumSets;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ArcSets.MaximumInstance);
            _maximumSets = value;
        }
    }

    /// <summary>With more header octets than this a chain fails unread.</summary>
    public int MaximumHeaderOctets { get; init; } = 512 * 1024;
}
