namespace ListServer.Lists.Mitigation;

/// <summary>How sure we are that the author wrote this (decision table of mail-authentication.md).</summary>
public enum AuthorState
{
    /// <summary>V: DMARC passed; or the account that submitted it is the author's; or there is no DMARC record, and SPF or DKIM passed for exactly the author's domain.</summary>
    Verified,

    /// <summary>T: DMARC failed here, but a sealer on the operator's allow-list saw it pass, and the ARC chain holds.</summary>
    TrustedSealer,

    /// <summary>U: otherwise.</summary>
    Unauthenticated,

    /// <summary>E: DNS did not answer.</summary>
    DnsError,
}

/// <summary>The author's policy, as lists must take it: t= is not considered (AUTH-7).</summary>
public enum AuthorPolicy
{
    /// <summary>p=none, or no record.</summary>
    Lax,

    /// <summary>p=quarantine, or a domain of the operator's list (AUTH-72).</summary>
    Quarantine,

    /// <summary>p=reject.</summary>
    Reject,
}
