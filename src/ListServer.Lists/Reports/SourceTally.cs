using System.Collections.Immutable;

namespace ListServer.Lists.Reports;

/// <summary>What an operator said of a source.</summary>
public enum SourceMark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It sends for the domain, and is to pass.</summary>
    Ours,

    /// <summary>It does not send for the domain.</summary>
    Foreign,
}

/// <summary>How many messages from one source fared how, on one day or several.</summary>
/// <param name="Both">DKIM and SPF passed, both aligned.</param>
/// <param name="DkimOnly">DKIM alone.</param>
/// <param name="SpfOnly">SPF alone.</param>
/// <param name="Failed">DMARC failed.</param>
/// <param name="Stopped">Quarantined or refused; of the failed ones.</param>
public readonly record struct SourceCounts(long Both, long DkimOnly, long SpfOnly, long Failed, long Stopped)
{
    /// <summary>Those that passed DMARC.</summary>
    public long Passed => Both + DkimOnly + SpfOnly;

    /// <summary>All of them.</summary>
    public long Total => Passed + Failed;

    /// <summary>Both together.</summary>
    public SourceCounts Plus(SourceCounts more) => new(Both + more.Both, DkimOnly + more.DkimOnly, SpfOnly + more.SpfOnly, Failed + more.Failed, Stopped + more.Stopped);
}

/// <summary>What kind of thing receivers saw of a source.</summary>
public enum EvidenceKind
{
    /// <summary>A DKIM signature: its domain, selector and result.</summary>
    Dkim,

    /// <summary>SPF: the domain and the result.</summary>
    Spf,

    /// <summary>The domain in From.</summary>
    From,

    /// <summary>Why a receiver did something else than the policy asks for.</summary>
    Reason,

    /// <summary>Who reported it.</summary>
    Reporter,
}

/// <summary>Something that receivers saw of a source, and how often.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A domain, a reason, or a reporter, in lower case.</param>
/// <param name="Selector">Of a DKIM signature; otherwise empty.</param>
/// <param name="Result">Of DKIM and SPF, in the word of RFC 8601; otherwise empty.</param>
/// <param name="Passed">With messages that passed DMARC.</param>
/// <param name="Failed">With messages that failed.</param>
/// <param name="Day">The last day it was seen, as <see cref="DateOnly.DayNumber"/>.</param>
public sealed record Evidence(EvidenceKind Kind, string Name, string Selector, string Result, long Passed, long Failed, int Day)
{
    /// <summary>Adds it to what was seen before; a new thing only where there is room.</summary>
    internal void AddTo(List<Evidence> all, int most)
    {
        var at = all.FindIndex(seen => (seen.Kind, seen.Name, seen.Selector, seen.Result) == (Kind, Name, Selector, Result));
        if (at >= 0)
        {
            all[at] = this with { Passed = all[at].Passed + Passed, Failed = all[at].Failed + Failed, Day = Math.Max(all[at].Day, Day) };
        }
        else if (all.Count < most)
        {
            all.Add(this);
        }
    }
}

/// <summary>What one report says of one source.</summary>
/// <param name="Source">The address, as .NET writes it; empty for all those past <see cref="SourceTally.MostSources"/>.</param>
/// <param name="Counts">How its messages fared.</param>
/// <param name="Evidence">What the receiver saw.</param>
public sealed record SourceCount(string Source, SourceCounts Counts, ImmutableArray<Evidence> Evidence);

/// <summary>What all reports say of one source, day by day. Immutable.</summary>
/// <param name="Source">The address; empty for all those past <see cref="MostSources"/> together.</param>
public sealed record SourceTally(string Source)
{
    /// <summary>Sources of one domain that are told apart: forgers use more than anybody wants to look at.</summary>
    public const int MostSources = 5_000;

    /// <summary>Days that are kept.</summary>
    public const int KeptDays = 120;

    internal const int MostEvidence = 24;
    private const int Width = 6;

    /// <summary>Six numbers for each day that had messages, in order: the day's number, and the members of <see cref="SourceCounts"/>.</summary>
    public ImmutableArray<long> Numbers { get; init; } = [];

    /// <summary>What was seen, at most 24 things; the oldest give way.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>What an operator said of it.</summary>
    public SourceMark Mark { get; init; }

    /// <summary>The days, in order.</summary>
    public IEnumerable<(DateOnly Day, SourceCounts Counts)> Days()
    {
        for (var i = 0; i < Numbers.Length; i += Width)
        {
            yield return (DateOnly.FromDayNumber((int)Numbers[i]), At(i));
        }
    }

    /// <summary>The last day with messages; the first of all days where there is none.</summary>
    public DateOnly LastDay => Numbers.IsEmpty ? DateOnly.MinValue : DateOnly.FromDayNumber((int)Numbers[^Width]);

    /// <summary>What came on these days.</summary>
    public SourceCounts Sum(DateOnly from, DateOnly to) =>
        Days().Where(day => day.Day >= from && day.Day <= to).Aggregate(default(SourceCounts), (sum, day) => sum.Plus(day.Counts));

    /// <summary>The tally with one more report's count, and without what is too old beside it.</summary>
    public SourceTally Plus(SourceCount count, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(count);
        return this with { Numbers = Add(count.Counts, day.DayNumber), Evidence = Add(count.Evidence) };
    }

    private ImmutableArray<long> Add(SourceCounts more, int day)
    {
        var at = 0;
        while (at < Numbers.Length && Numbers[at] < day)
        {
            at += Width;
        }

        var known = at < Numbers.Length && Numbers[at] == day;
        var sum = known ? At(at).Plus(more) : more;
        var from = 0;
        while (from < at && Numbers[from] <= day - KeptDays)
        {
            from += Width;
        }

        return [.. Numbers.AsSpan(from, at - from), day, sum.Both, sum.DkimOnly, sum.SpfOnly, sum.Failed, sum.Stopped, .. Numbers.AsSpan()[(known ? at + Width : at)..]];
    }

    private ImmutableArray<Evidence> Add(ImmutableArray<Evidence> more)
    {
        List<Evidence> all = [.. Evidence];
        foreach (var seen in more)
        {
            seen.AddTo(all, int.MaxValue);
        }

        return all.Count <= MostEvidence ? [.. all] : [.. all.OrderByDescending(seen => seen.Day).ThenByDescending(seen => seen.Passed + seen.Failed).Take(MostEvidence)];
    }

    private SourceCounts At(int i) => new(Numbers[i + 1], Numbers[i + 2], Numbers[i + 3], Numbers[i + 4], Numbers[i + 5]);
}
