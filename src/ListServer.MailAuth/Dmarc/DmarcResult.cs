namespace ListServer.MailAuth.Dmarc;

/// <summary>The results of RFC 8601 §2.7 for dmarc.</summary>
public enum DmarcVerdict
{
    /// <summary>No DMARC record applies.</summary>
    None,

    /// <summary>An aligned mechanism passed.</summary>
    Pass,

    /// <summary>A record applies and nothing aligned passed.</summary>
    Fail,

    /// <summary>DNS did not answer; trying again may help.</summary>
    TempError,

    /// <summary>The author's domain or record can't be evaluated.</summary>
    PermError,
}

/// <summary>What a domain asks of receivers (RFC 9989 §4.7).</summary>
public enum DmarcPolicy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Treat as suspicious.</summary>
    Quarantine,

    /// <summary>Refuse.</summary>
    Reject,
}

/// <summary>The DMARC evaluation of one message (RFC 9989 §4, §5.3).</summary>
/// <param name="Verdict">The result.</param>
/// <param name="AuthorDomain">The From domain in lower-case A-labels; empty when there is no valid author.</param>
/// <param name="RecordDomain">The name whose record was applied, or null.</param>
/// <param name="OrganizationalDomain">The Organizational Domain by the tree walk, or null when it was not needed or could not be found.</param>
/// <param name="Policy">The published policy that applies to this author (p, sp or np), t= not considered; null when no record applies.</param>
/// <param name="Disposition">What that asks for this message, after t=: none for a pass.</param>
/// <param name="IsTesting">True for t=y.</param>
/// <param name="SpfAligned">True when SPF passed for an aligned domain.</param>
/// <param name="DkimAligned">True when a DKIM signature passed for an aligned domain.</param>
/// <param name="Reason">What decided, in words.</param>
public sealed record DmarcResult(
    DmarcVerdict Verdict,
    string AuthorDomain,
    string? RecordDomain,
    string? OrganizationalDomain,
    DmarcPolicy? Policy,
    DmarcPolicy Disposition,
    bool IsTesting,
    bool SpfAligned,
    bool DkimAligned,
    string Reason);
