namespace ListServer.Outbound;

/// <summary>How a hop's connection is protected.</summary>
public enum TlsMode
{
    /// <summary>In clear, whatever is offered.</summary>
    None,

    /// <summary>STARTTLS when it is offered, any certificate; in clear when it is not offered or fails (RFC 7435).</summary>
    Opportunistic,

    /// <summary>STARTTLS with a certificate that proves the host's name, or no delivery.</summary>
    Required,

    /// <summary>TLS from the first octet (RFC 8314 §3) with a certificate that proves the host's name, or no delivery.</summary>
    Implicit,
}
