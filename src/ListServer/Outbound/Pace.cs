namespace ListServer.Outbound;

/// <summary>
/// How many connections one destination gets, by what it answers. It begins with one; each copy taken while all of them are in use adds one, up
/// to where it was slowed last, and from there one for each time that all were served. Who asks us to slow down gets half, and at one a pause;
/// a minute goes by before it is tried with more.
/// </summary>
/// <param name="Most">The most connections, ever.</param>
/// <param name="LongestPause">The longest pause, but for a block.</param>
internal sealed record Pace(int Most, TimeSpan LongestPause)
{
    /// <summary>AUTH-74: how long nothing goes to who said 4.7.28.</summary>
    public static readonly TimeSpan BlockPause = TimeSpan.FromMinutes(10);

    /// <summary>AUTH-74: how long it has one connection after that.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromHours(1);

    /// <summary>How long a pace that was slowed stays so before it tries for more.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);

    /// <summary>The first pause, as a part of the longest.</summary>
    private const double FirstPause = 0.1;

    private const double Jitter = 0.25;

    private enum Signal
    {
        None,
        Taken,
        Slower,
        Pause,
        Block,
    }

    /// <summary>How many connections may be in use now.</summary>
    public int Allowed { get; private init; } = 1;

    /// <summary>No round begins before; null when there never was a pause.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary>What slowed it; null when nothing did since it last grew.</summary>
    public Outcome? SlowedBy { get; private init; }

    /// <summary>True when nothing is known that a new one would not know.</summary>
    public bool IsBlank => Allowed == 1 && NotBefore is null && SlowedBy is null;

    private int GrowsFastTo { get; init; } = Most;

    private int Taken { get; init; }

    private int Pauses { get; init; }

    private DateTimeOffset? GrowsFrom { get; init; }

    /// <summary>False during a pause.</summary>
    public bool IsOpen(DateTimeOffset now) => NotBefore is not { } at || now >= at;

    /// <summary>What blocks the destination now: nothing more is sent, on no connection; null for no block.</summary>
    public Outcome? BlockedBy(DateTimeOffset now) => IsOpen(now) || SlowedBy is null || !IsBlock(SlowedBy) ? null : SlowedBy;

    /// <summary>True when the outcome tells of a crowd, or of a host that is away, and not of a recipient or a copy.</summary>
    public static bool IsOfConnections(Outcome outcome) => Read(outcome) is Signal.Pause;

    /// <summary>AUTH-74: Gmail's word for "you send too much"; whoever else says it means the same.</summary>
    public static bool IsBlock(Outcome outcome) => Read(outcome) is Signal.Block;

    /// <summary>The pace behind what one transaction, or an attempt to connect, came to.</summary>
    /// <param name="outcomes">Of all its recipients; the gravest counts.</param>
    /// <param name="inUse">How many connections are in use, this one included.</param>
    /// <param name="now">The present.</param>
    /// <param name="chance">0 to 1: makes a pause up to a quarter longer, lest what failed together comes back together.</param>
    public Pace After(IEnumerable<Outcome> outcomes, int inUse, DateTimeOffset now, double chance)
    {
        var gravest = outcomes.MaxBy(Read);
        return gravest is null ? this : Read(gravest) switch
        {
            Signal.Taken => Faster(inUse, now),
            Signal.Slower or Signal.Pause => Slower(gravest, inUse, now, chance),
            Signal.Block => Block(gravest, now),
            _ => this,
        };
    }

    /// <summary>Without a pause; but a block goes on.</summary>
    public Pace WithoutPause(DateTimeOffset now) => BlockedBy(now) is null ? this with { NotBefore = null } : this;

    private Pace Faster(int inUse, DateTimeOffset now)
    {
        if (!IsOpen(now))
        {
            return this;
        }

        var calm = Pauses == 0 ? this : this with { Pauses = 0 };
        return inUse < Allowed || Allowed >= Most || now < GrowsFrom ? calm
            : Allowed < GrowsFastTo || Taken + 1 >= Allowed ? calm with { Allowed = Allowed + 1, Taken = 0, SlowedBy = null }
            : calm with { Taken = Taken + 1 };
    }

    private Pace Slower(Outcome outcome, int inUse, DateTimeOffset now, double chance)
    {
        // As long as connections of the old pace are out, what they bring back is the same news; and a pause or block goes on.
        if (inUse > Allowed || !IsOpen(now))
        {
            return this;
        }

        if (Allowed > 1)
        {
            return this with { Allowed = Allowed / 2, GrowsFastTo = Allowed / 2, Taken = 0, GrowsFrom = Later(GrowsFrom, now + Hold), SlowedBy = outcome };
        }

        var pause = Read(outcome) is Signal.Pause
            ? LongestPause * Math.Min(1, FirstPause * Math.Pow(2, Math.Min(Pauses, 10)) * (1 + (Jitter * chance)))
            : TimeSpan.Zero;
        var slow = this with { GrowsFastTo = 1, GrowsFrom = Later(GrowsFrom, now + pause + Hold), SlowedBy = outcome };
        return pause > TimeSpan.Zero ? slow with { NotBefore = now + pause, Pauses = Pauses + 1 } : slow;
    }

    private Pace Block(Outcome outcome, DateTimeOffset now) =>
        this with { Allowed = 1, GrowsFastTo = 1, Taken = 0, NotBefore = now + BlockPause, GrowsFrom = now + BlockPause + Probation, SlowedBy = outcome };

    private static Signal Read(Outcome outcome) => outcome switch
    {
        { Cause: OutcomeCause.Connection } => Signal.Pause,
        { Cause: not OutcomeCause.Reply } => Signal.None,
        { Kind: OutcomeKind.Delivered } => Signal.Taken,
        { Reply: { IsTransient: true, EnhancedCode: "4.7.28" } } => Signal.Block,
        { Reply.Code: 421 } => Signal.Pause,
        { Kind: OutcomeKind.Deferred, Reply.Text: var text } when TellsOfTooManyConnections(text) => Signal.Pause,
        { Reply: { Code: 450 or 451, EnhancedCode: ['4', '.', '7', '.', ..] } } => Signal.Slower,
        _ => Signal.None,
    };

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;

    private static bool TellsOfTooManyConnections(string text) =>
        text.Contains("too many", StringComparison.OrdinalIgnoreCase)
        && (text.Contains("connection", StringComparison.OrdinalIgnoreCase)
            || text.Contains("concurren", StringComparison.OrdinalIgnoreCase)
            || text.Contains("session", StringComparison.OrdinalIgnoreCase));
}
