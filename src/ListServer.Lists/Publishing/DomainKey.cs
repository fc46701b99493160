namespace ListServer.Lists.Publishing;

/// <summary>How far a key has come (AUTH-35).</summary>
public enum KeyStage
{
    /// <summary>It is made, and its record is to be published; nothing is signed with it.</summary>
    Made,

    /// <summary>Mail is signed with it.</summary>
    Used,

    /// <summary>Another one signs; its record has to stay, as mail on its way bears its signature.</summary>
    Leaving,

    /// <summary>Its record may be removed, or its p= be emptied.</summary>
    Removable,

    /// <summary>Its record is gone.</summary>
    Retired,
}

/// <summary>What DNS was seen to say of a key.</summary>
public enum KeySight
{
    /// <summary>All name servers of the zone show it.</summary>
    Shown,

    /// <summary>A name server of the zone does not show it.</summary>
    Missing,

    /// <summary>A name server of the zone gave no answer.</summary>
    Unasked,
}

/// <summary>A domain's key on its way.</summary>
/// <param name="Domain">The domain, lower-case A-labels.</param>
/// <param name="Selector">Its selector.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Since">Since when.</param>
public sealed record DomainKey(string Domain, string Selector, KeyStage Stage, DateTimeOffset Since)
{
    /// <summary>One look may fall into the moment in which a zone is loaded anew; two in a row are no accident.</summary>
    private const int MissesToLose = 2;

    /// <summary>True once all name servers of the zone have shown it.</summary>
    public bool WasSeen { get; init; }

    /// <summary>How often in a row a key that had been seen was found missing; two are as good as many.</summary>
    public int Misses { get; init; }

    /// <summary>What keeps it from the next stage, in words; empty for nothing.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Until when a leaving key's record has to stand.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>True when DNS no longer shows a key that it has shown: nothing is signed with it until it does again.</summary>
    public bool IsLost => Stage == KeyStage.Used && Misses >= MissesToLose;

    /// <summary>True when its record has to stand in DNS.</summary>
    public bool IsPublished => Stage is KeyStage.Made or KeyStage.Used or KeyStage.Leaving;

    /// <summary>The same key after a look at DNS; the same record where nothing has changed.</summary>
    /// <param name="sight">What was seen.</param>
    /// <param name="why">Where it was not shown, in words; empty for one that was.</param>
    /// <param name="now">The time.</param>
    public DomainKey See(KeySight sight, string why, DateTimeOffset now) => (Stage, sight) switch
    {
        (KeyStage.Made, KeySight.Shown) => To(KeyStage.Used, now) with { WasSeen = true },
        (KeyStage.Made, _) => this with { Problem = why },
        (KeyStage.Used, KeySight.Shown) => this with { WasSeen = true, Misses = 0, Problem = "" },
        (KeyStage.Used, KeySight.Missing) => this with { Misses = WasSeen ? Math.Min(Misses + 1, MissesToLose) : 0, Problem = why },

        // Who can't be asked says nothing: what was seen last holds.
        (KeyStage.Used, _) => this with { Problem = why },
        (KeyStage.Leaving, _) when now >= KeepUntil => To(KeyStage.Removable, now),
        (KeyStage.Removable, KeySight.Missing) => To(KeyStage.Retired, now),
        _ => this,
    };

    /// <summary>The key at another stage.</summary>
    public DomainKey To(KeyStage stage, DateTimeOffset now) => this with { Stage = stage, Since = now, Misses = 0, Problem = "", KeepUntil = null };

    /// <summary>When DNS is to be looked at next; null for never.</summary>
    /// <param name="now">The time of the last look.</param>
    public DateTimeOffset? NextLook(DateTimeOffset now) => Stage switch
    {
        // Whoever makes a key publishes it soon, or much later.
        KeyStage.Made => now + (now - Since < TimeSpan.FromMinutes(10) ? TimeSpan.FromSeconds(10) : now - Since < TimeSpan.FromHours(2) ? TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(10)),
        KeyStage.Used => now + (Misses > 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1)),
        KeyStage.Leaving => KeepUntil,
        KeyStage.Removable => now + TimeSpan.FromHours(6),
        _ => null,
    };
}
