namespace ListServer.Lists.Reports;

/// <summary>What a source is to a domain, the most urgent first.</summary>
public enum SourceVerdict
{
    /// <summary>Ours, and not all of its mail passes.</summary>
    Misconfigured,

    /// <summary>Nobody can tell but the operator.</summary>
    Unclear,

    /// <summary>Not ours: it writes in our name.</summary>
    Forged,

    /// <summary>A forwarder or a list, which hands on what we sent.</summary>
    Relay,

    /// <summary>Ours, and all is well.</summary>
    Right,
}

/// <summary>Why a source is taken for what it is.</summary>
public enum SourceCause
{
    /// <summary>Its mail passes.</summary>
    Passes,

    /// <summary>Some of its mail passes and some does not.</summary>
    Partly,

    /// <summary>It is ours, and neither signs in our name nor is in SPF.</summary>
    NotInSpf,

    /// <summary>It signs in our name with a key that receivers can't use.</summary>
    KeyNotFound,

    /// <summary>Day after day it signs in its own name alone, with our domain as return address.</summary>
    OtherSignature,

    /// <summary>Our signature, or the receiver's word, shows that it hands on what we sent.</summary>
    HandedOn,

    /// <summary>Nothing of it is ours.</summary>
    NothingOurs,

    /// <summary>Nothing of it is ours, but it comes day after day.</summary>
    EveryDay,

    /// <summary>The operator said that it is not ours.</summary>
    SaidForeign,
}

/// <summary>A source and what it is taken for.</summary>
/// <param name="Tally">What reports say of it.</param>
/// <param name="Counts">How its mail fared in the days looked at.</param>
/// <param name="Host">The name of its address, which leads back to it; or null.</param>
/// <param name="Cause">Why.</param>
/// <param name="Detail">The domain of the signature that decided, or empty.</param>
/// <param name="Selector">Its selector, or empty.</param>
public sealed record JudgedSource(SourceTally Tally, SourceCounts Counts, string? Host, SourceCause Cause, string Detail = "", string Selector = "")
{
    /// <summary>What it is.</summary>
    public SourceVerdict Verdict => Cause switch
    {
        SourceCause.Passes => SourceVerdict.Right,
        SourceCause.Partly or SourceCause.NotInSpf or SourceCause.KeyNotFound or SourceCause.OtherSignature => SourceVerdict.Misconfigured,
        SourceCause.HandedOn => SourceVerdict.Relay,
        SourceCause.EveryDay => SourceVerdict.Unclear,
        _ => SourceVerdict.Forged,
    };
}

/// <summary>Judges the sources of one domain by what receivers saw. Pure.</summary>
/// <param name="Domain">The domain, in lower case.</param>
/// <param name="IsOurAddress">True for an address that our own mail leaves from.</param>
public sealed record SourceJudge(string Domain, Func<string, bool> IsOurAddress)
{
    /// <summary>Of a source that passes, so many in a thousand may fail before it is at fault: receivers err, too.</summary>
    public const int TolerablePerMille = 5;

    /// <summary>A forger seldom comes on more days than that; a forgotten newsletter service does.</summary>
    public const int SteadyDays = 10;

    /// <summary>Judges a source.</summary>
    /// <param name="tally">What reports say of it.</param>
    /// <param name="counts">How its mail fared in the days looked at.</param>
    /// <param name="host">The name of its address, which leads back to it; or null.</param>
    public JudgedSource Judge(SourceTally tally, SourceCounts counts, string? host)
    {
        ArgumentNullException.ThrowIfNull(tally);
        var failed = tally.Evidence.Where(seen => seen.Failed > 0).ToList();
        var (cause, evidence) = tally.Mark is SourceMark.Foreign ? (SourceCause.SaidForeign, null)
            : tally.Mark is SourceMark.Ours || IsOurAddress(tally.Source) || IsOwn(host ?? "") || counts.Both + counts.SpfOnly > 0 ? OfOurs(counts, failed)
            : counts.Failed == 0 ? (SourceCause.HandedOn, null)
            : OfOthers(tally, counts, failed);
        return new JudgedSource(tally, counts, host, cause, evidence?.Name ?? "", evidence?.Selector ?? "");
    }

    private (SourceCause Cause, Evidence? Evidence) OfOurs(SourceCounts counts, List<Evidence> failed) =>
        counts.Failed * 1000 <= counts.Total * TolerablePerMille ? (SourceCause.Passes, null)
        : Unusable(failed) is { } key ? (SourceCause.KeyNotFound, (Evidence?)key)
        : counts.Passed > 0 ? (SourceCause.Partly, null)
        : (SourceCause.NotInSpf, null);

    private (SourceCause Cause, Evidence? Evidence) OfOthers(SourceTally tally, SourceCounts counts, List<Evidence> failed)
    {
        if (failed.Exists(seen => seen is { Kind: EvidenceKind.Reason, Name: "mailinglist" or "forwarded" or "trustedforwarder" }))
        {
            return (SourceCause.HandedOn, null);
        }

        // Before what forwarders look like: a service that signs in our name looks like one as long as its key is there.
        if (Unusable(failed) is { } key)
        {
            return (SourceCause.KeyNotFound, key);
        }

        if (failed.Exists(seen => seen is { Kind: EvidenceKind.Dkim, Result: "fail" } && IsOwn(seen.Name)) || counts.DkimOnly > 0)
        {
            return (SourceCause.HandedOn, null);
        }

        var days = tally.Days().Count(day => day.Counts.Failed > 0);
        var isOurPath = failed.Exists(seen => seen.Kind is EvidenceKind.Spf && IsOwn(seen.Name));
        var other = failed.Find(seen => seen is { Kind: EvidenceKind.Dkim, Result: "pass" } && !IsOwn(seen.Name));
        return days < SteadyDays || tally.Source.Length == 0 ? (SourceCause.NothingOurs, null)
            : isOurPath && other is not null ? (SourceCause.OtherSignature, other)
            : (SourceCause.EveryDay, null);
    }

    /// <summary>A signature in our name that receivers could not check: a forger makes none, as nobody would believe it.</summary>
    private Evidence? Unusable(List<Evidence> failed) =>
        failed.Find(seen => seen is { Kind: EvidenceKind.Dkim, Result: "permerror" or "neutral" or "policy" } && IsOwn(seen.Name));

    /// <summary>The domain, what is below it, and the organisation above it.</summary>
    private bool IsOwn(string name) => name.Contains('.', StringComparison.Ordinal) && (ReportSums.IsWithin(name, Domain) || ReportSums.IsWithin(Domain, name));
}
