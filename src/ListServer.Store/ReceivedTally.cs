using System.Collections.Immutable;
using System.Security.Cryptography;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Reports;
using ListServer.MailAuth.Spf;

namespace ListServer.Store;

/// <summary>A DKIM signature, as a report tells it.</summary>
/// <param name="Domain">d=.</param>
/// <param name="Selector">s=.</param>
/// <param name="Verdict">The result.</param>
public sealed record ReceivedSignature(string Domain, string Selector, DkimVerdict Verdict);

/// <summary>
/// What messages of one sort have in common (a row of RFC 9990 §3.1): domains and results only, no part of an address before the @, and nothing of what
/// was written (AUTH-19, AUTH-84).
/// </summary>
/// <param name="Source">The address of the client.</param>
/// <param name="HeaderFrom">The author's domain.</param>
/// <param name="EnvelopeFrom">The domain of MAIL FROM; empty for the null reverse-path, and for what is no domain.</param>
/// <param name="Disposition">What became of them, as far as DMARC goes.</param>
/// <param name="Override">Why that is another thing than the policy asks for; null when it is not.</param>
/// <param name="DkimAligned">True when an aligned signature passed.</param>
/// <param name="SpfAligned">True when SPF passed for an aligned domain.</param>
/// <param name="Spf">SPF of MAIL FROM.</param>
/// <param name="SpfDomain">The domain that it was checked for.</param>
/// <param name="Dkim">The signatures, the most telling first.</param>
public sealed record ReceivedRow(
    string Source,
    string HeaderFrom,
    string EnvelopeFrom,
    RowDisposition Disposition,
    OverrideKind? Override,
    bool DkimAligned,
    bool SpfAligned,
    SpfVerdict Spf,
    string SpfDomain,
    ImmutableArray<ReceivedSignature> Dkim)
{
    /// <summary>The same for the same row, and hardly for another.</summary>
    public string Hash() => Convert.ToHexString(SHA256.HashData(StoreJson.Write(this)).AsSpan(0, 16));
}

/// <summary>How many messages of one sort came to a domain of ours on one day (UTC): what aggregate reports are made of.</summary>
/// <param name="Day">The day.</param>
/// <param name="Receiver">Our domain.</param>
/// <param name="PolicyDomain">Where the author's DMARC record was found.</param>
/// <param name="Row">The sort.</param>
/// <param name="Count">So many.</param>
public sealed record ReceivedTally(DateOnly Day, string Receiver, string PolicyDomain, ReceivedRow Row, long Count)
{
    /// <summary>So many rows a day are kept of one policy domain: who sends from everywhere does not fill the disk.</summary>
    public const int MostRowsOfDomain = 5_000;

    /// <summary>So many rows a day are kept for one domain of ours.</summary>
    public const int MostRows = 50_000;
}

/// <summary>A report that is due: all of a day that came to a domain of ours in the name of one policy domain.</summary>
public sealed record DueReport(DateOnly Day, string Receiver, string PolicyDomain);

/// <summary>What became of a report.</summary>
/// <param name="Report">Which.</param>
/// <param name="At">When that was certain.</param>
/// <param name="Recipients">Whom it went to; empty when it went to nobody.</param>
/// <param name="Rows">So many rows.</param>
/// <param name="Messages">So many messages.</param>
/// <param name="Note">Why it went to nobody, or not to all; empty for nothing to say.</param>
/// <param name="MailId">The queued mail; null when there is none.</param>
public sealed record ReportOutcome(DueReport Report, DateTimeOffset At, ImmutableArray<string> Recipients, int Rows, long Messages, string Note, string? MailId);

/// <summary>How many rows there are, and how many messages came after their number was reached.</summary>
internal sealed record RowCount(DateOnly Day, int Rows, long Dropped);
