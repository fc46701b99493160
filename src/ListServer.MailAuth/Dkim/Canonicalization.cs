namespace ListServer.MailAuth.Dkim;

/// <summary>How octets are prepared for hashing (RFC 6376 §3.4).</summary>
public enum Canonicalization
{
    /// <summary>Almost nothing may change (§3.4.1, §3.4.3).</summary>
    Simple,

    /// <summary>White space and the case of field names may change (§3.4.2, §3.4.4).</summary>
    Relaxed,
}
