using System.Collections.Immutable;
using System.Net;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Reports;

/// <summary>What a receiver did with the messages of a row (RFC 9990 §3.1, AUTH-17).</summary>
public enum RowDisposition
{
    /// <summary>No policy was applied; also where the reporter leaves it out.</summary>
    None,

    /// <summary>DMARC passed (RFC 9990; older reports say none).</summary>
    Pass,

    /// <summary>Treated as suspicious.</summary>
    Quarantine,

    /// <summary>Refused.</summary>
    Reject,
}

/// <summary>Why a receiver did something else than the policy asks for (AUTH-16).</summary>
public enum OverrideKind
{
    /// <summary>None of the others, or a word that no RFC has.</summary>
    Other,

    /// <summary>A local policy of the receiver.</summary>
    LocalPolicy,

    /// <summary>It takes the message for one of a mailing list.</summary>
    MailingList,

    /// <summary>The record says t=y.</summary>
    PolicyTestMode,

    /// <summary>It knows the forwarder.</summary>
    TrustedForwarder,

    /// <summary>It takes the message for a forwarded one (RFC 7489).</summary>
    Forwarded,

    /// <summary>Left out by pct= (RFC 7489).</summary>
    SampledOut,
}

/// <summary>One reason of a row.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Comment">The receiver's words, or null.</param>
public sealed record OverrideReason(OverrideKind Kind, string? Comment);

/// <summary>One DKIM signature as a receiver saw it.</summary>
/// <param name="Domain">d=, as written.</param>
/// <param name="Selector">s=; null where the reporter leaves it out, as RFC 7489 lets it.</param>
/// <param name="Result">The result; null for a word that RFC 8601 does not have.</param>
/// <param name="HumanResult">More, in the reporter's words, or null.</param>
public sealed record ReportedDkim(string Domain, string? Selector, DkimVerdict? Result, string? HumanResult = null);

/// <summary>SPF as a receiver saw it.</summary>
/// <param name="Domain">The domain checked, as written; may be empty.</param>
/// <param name="IsHelo">True when it is the one of HELO, not of MAIL FROM.</param>
/// <param name="Result">The result; null for a word that RFC 8601 does not have.</param>
/// <param name="HumanResult">More, in the reporter's words, or null.</param>
public sealed record ReportedSpf(string Domain, bool IsHelo, SpfVerdict? Result, string? HumanResult = null);

/// <summary>Messages from one address that a receiver saw and judged alike (record).</summary>
/// <param name="Source">The address that they came from.</param>
/// <param name="Count">How many, 0 or more.</param>
/// <param name="Disposition">What became of them.</param>
/// <param name="DkimAligned">True when an aligned DKIM signature passed.</param>
/// <param name="SpfAligned">True when SPF passed for an aligned domain.</param>
/// <param name="HeaderFrom">The domain in From, as written.</param>
public sealed record ReportRow(IPAddress Source, long Count, RowDisposition Disposition, bool DkimAligned, bool SpfAligned, string HeaderFrom)
{
    /// <summary>Why the disposition is another than the policy's.</summary>
    public ImmutableArray<OverrideReason> Reasons { get; init; } = [];

    /// <summary>The domain of MAIL FROM, or null.</summary>
    public string? EnvelopeFrom { get; init; }

    /// <summary>The domain of the recipients, or null.</summary>
    public string? EnvelopeTo { get; init; }

    /// <summary>The signatures, at most 100 (AUTH-17).</summary>
    public ImmutableArray<ReportedDkim> Dkim { get; init; } = [];

    /// <summary>SPF of MAIL FROM, or of HELO where that alone was checked; null when there is none.</summary>
    public ReportedSpf? Spf { get; init; }

    /// <summary>True when DMARC passed.</summary>
    public bool IsPass => DkimAligned || SpfAligned;
}
