namespace ListServer.Load;

/// <summary>What is a member's own in what a run sends.</summary>
public enum LoadMode
{
    /// <summary>Nothing: one copy for all.</summary>
    Shared,

    /// <summary>The reverse-path: the octets are those of all, in a transaction for each.</summary>
    Verp,

    /// <summary>The copy, signed for the member, and the reverse-path.</summary>
    Personal,
}

/// <summary>What a run sends to whom.</summary>
/// <param name="Members">Members of the list.</param>
/// <param name="Destinations">Domains they are spread over.</param>
/// <param name="Octets">Size of a post.</param>
/// <param name="Mode">What is a member's own.</param>
/// <param name="Posts">How many posts.</param>
/// <param name="Connections">Over how many connections they come in at once.</param>
/// <param name="ReplyDelay">How much later the sink's answers come.</param>
public sealed record LoadPlan(int Members, int Destinations, int Octets, LoadMode Mode, int Posts, int Connections, TimeSpan ReplyDelay)
{
    /// <summary>Deliveries in all.</summary>
    public long Deliveries => (long)Members * Posts;

    /// <summary>Posts that make a round of warming up: a fifth of what is measured, or one.</summary>
    public int Round => (Posts + 4) / 5;

    /// <summary>All goes to the sink as to a smarthost, not to the destinations' own hosts: as list managers that leave delivery to a mail server do.</summary>
    public bool ToSmarthost { get; init; }
}

/// <summary>What a run measured. Processor seconds are those of the server and the name server: the sink and the author's client are in a process of their own. The list keeps no archive.</summary>
public sealed record LoadReport
{
    /// <summary>What was sent.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>Posts sent before, and not counted.</summary>
    public required int WarmUps { get; init; }

    /// <summary>Recipients counted at the sink.</summary>
    public required long Delivered { get; init; }

    /// <summary>True when every member was counted once for each post, no more and no less.</summary>
    public required bool IsExact { get; init; }

    /// <summary>From the first octet of the first post to the last delivery.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Processor time in that time.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>From the first octet of the first post to the first copy that the sink took, in milliseconds.</summary>
    public required double FirstCopyMilliseconds { get; init; }

    /// <summary>Posts accepted a second, wall.</summary>
    public required double AcceptedPerSecond { get; init; }

    /// <summary>RSA-2048 signatures a processor second, measured in this run.</summary>
    public required double RsaPerCpuSecond { get; init; }

    /// <summary>Deliveries a second, wall, that a plain pipelining client brings into the same sink in transactions of the same size.</summary>
    public required double CeilingPerSecond { get; init; }

    /// <summary>The most memory this process has held, in MiB.</summary>
    public required double PeakMebibytes { get; init; }

    /// <summary>Deliveries a second, wall.</summary>
    public double DeliveriesPerSecond => Delivered / WallSeconds;

    /// <summary>Deliveries a processor second.</summary>
    public double DeliveriesPerCpuSecond => Delivered / CpuSeconds;

    /// <summary>Posts a processor second.</summary>
    public double PostsPerCpuSecond => Plan.Posts / CpuSeconds;

    /// <summary>Deliveries a processor second over raw signatures a processor second.</summary>
    public double OfRsa => DeliveriesPerCpuSecond / RsaPerCpuSecond;

    /// <summary>Deliveries a second over the sink's ceiling.</summary>
    public double OfCeiling => DeliveriesPerSecond / CeilingPerSecond;
}
