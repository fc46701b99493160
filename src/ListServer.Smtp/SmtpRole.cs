namespace ListServer.Smtp;

/// <summary>What an endpoint is for.</summary>
public enum SmtpRole
{
    /// <summary>Mail from other hosts, port 25 (RFC 5321). AUTH is not offered.</summary>
    Relay,

    /// <summary>Mail from our own users, ports 587 and 465 (RFC 6409, RFC 8314): TLS and AUTH before MAIL.</summary>
    Submission,

    /// <summary>Mail from a server in front of us (RFC 2033): one answer for each recipient.</summary>
    Lmtp,
}
