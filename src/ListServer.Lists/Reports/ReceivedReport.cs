using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists.Reports;

/// <summary>What a report is about.</summary>
public enum ReportKind
{
    /// <summary>DMARC.</summary>
    Dmarc,

    /// <summary>TLS.</summary>
    Tls,
}

/// <summary>A report that came in, without its rows: those are in the tallies.</summary>
/// <param name="Id">Sixteen characters: the same for the same report, whenever and however it comes.</param>
/// <param name="Domain">The domain of ours that it counts for.</param>
/// <param name="Kind">What it is about.</param>
public sealed record ReceivedReport(string Id, string Domain, ReportKind Kind)
{
    /// <summary>The domain it names.</summary>
    public required string PolicyDomain { get; init; }

    /// <summary>Who made it, as it says; may be empty.</summary>
    public required string Organization { get; init; }

    /// <summary>The reporter's name for it; may be empty.</summary>
    public required string ReportId { get; init; }

    /// <summary>The span's begin, UTC.</summary>
    public required DateTimeOffset Begin { get; init; }

    /// <summary>The span's end, UTC.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The address it came from, or who gave it to the server.</summary>
    public required string From { get; init; }

    /// <summary>True when it came by mail; false when an operator gave it.</summary>
    public bool ByMail { get; init; }

    /// <summary>Why nobody can vouch for it, in words; null where DMARC passed or an operator gave it. What is doubted is kept, and not counted.</summary>
    public string? Doubt { get; init; }

    /// <summary>p= as the reporter found it; null for a TLS report, or where the reporter doesn't say.</summary>
    public DmarcPolicy? Policy { get; init; }

    /// <summary>t=y, as the reporter found it.</summary>
    public bool IsTesting { get; init; }

    /// <summary>Rows; policies of a TLS report.</summary>
    public int Rows { get; init; }

    /// <summary>Messages, or sessions, that passed.</summary>
    public long Passed { get; init; }

    /// <summary>Messages, or sessions, that failed.</summary>
    public long Failed { get; init; }

    /// <summary>True when this report adds nothing to what was kept of it: a doubted one gives way to one that somebody vouches for.</summary>
    /// <param name="kept">What is kept under the same ID, or null.</param>
    public bool IsKnownBy(ReceivedReport? kept) => kept is not null && (kept.Doubt is null || Doubt is not null);

    /// <summary>The day it counts for: the middle of its span.</summary>
    public DateOnly Day => DateOnly.FromDateTime((Begin + ((End - Begin) / 2)).UtcDateTime);
}
