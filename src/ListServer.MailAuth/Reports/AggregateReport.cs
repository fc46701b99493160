using System.Collections.Immutable;
using ListServer.MailAuth.Dmarc;

namespace ListServer.MailAuth.Reports;

/// <summary>
/// A DMARC aggregate report (RFC 9990 §3.1, and the older form of RFC 7489 appendix C): what one receiver saw of one domain in one span of
/// time. What is read can be written: the members are those of RFC 9990.
/// </summary>
/// <param name="Metadata">Who reports, and about when.</param>
/// <param name="Policy">The policy that the receiver found published.</param>
/// <param name="Rows">What it saw; may be empty.</param>
public sealed record AggregateReport(ReportMetadata Metadata, PublishedPolicy Policy, ImmutableArray<ReportRow> Rows)
{
    /// <summary>How many messages the rows speak of.</summary>
    public long MessageCount => Rows.Sum(row => row.Count);
}

/// <summary>Who reports, and about when (report_metadata).</summary>
/// <param name="Organization">org_name, as written; may be empty.</param>
/// <param name="Email">Where to ask, as written; may be empty.</param>
/// <param name="ReportId">The reporter's name for the report; may be empty.</param>
/// <param name="Begin">The first second of the span, UTC.</param>
/// <param name="End">The last second of the span, UTC; not before <paramref name="Begin"/>.</param>
public sealed record ReportMetadata(string Organization, string Email, string ReportId, DateTimeOffset Begin, DateTimeOffset End)
{
    /// <summary>extra_contact_info, or null.</summary>
    public string? ExtraContact { get; init; }

    /// <summary>The program that made the report (RFC 9990), or null.</summary>
    public string? Generator { get; init; }

    /// <summary>What went wrong while the report was made, in the reporter's words.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];
}

/// <summary>How a receiver found the record (discovery_method of RFC 9990).</summary>
public enum DiscoveryMethod
{
    /// <summary>By the public suffix list, as RFC 7489 has it.</summary>
    Psl,

    /// <summary>By the tree walk of RFC 9989 §4.10.</summary>
    Treewalk,
}

/// <summary>The policy that a receiver found (policy_published).</summary>
/// <param name="Domain">The policy domain, as written.</param>
/// <param name="Policy">p=; null when the reporter does not say, or says a word that is no policy.</param>
public sealed record PublishedPolicy(string Domain, DmarcPolicy? Policy)
{
    /// <summary>sp=, or null.</summary>
    public DmarcPolicy? SubdomainPolicy { get; init; }

    /// <summary>np=, or null.</summary>
    public DmarcPolicy? NonexistentPolicy { get; init; }

    /// <summary>adkim=s.</summary>
    public bool IsDkimStrict { get; init; }

    /// <summary>aspf=s.</summary>
    public bool IsSpfStrict { get; init; }

    /// <summary>t=y (testing); null when the reporter does not say.</summary>
    public bool? IsTesting { get; init; }

    /// <summary>How the record was found; null when the reporter does not say.</summary>
    public DiscoveryMethod? Discovery { get; init; }

    /// <summary>fo=, or null.</summary>
    public string? FailureOptions { get; init; }
}
