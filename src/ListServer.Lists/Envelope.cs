namespace ListServer.Lists;

/// <summary>How a message came to us.</summary>
/// <param name="ClientAddress">The SMTP client's IP address in text.</param>
/// <param name="Helo">The name it gave.</param>
/// <param name="ReversePath">MAIL FROM without angle brackets; empty for the null reverse-path.</param>
/// <param name="Protocol">The "with" keyword of the Received field.</param>
/// <param name="Tls">TLS version and cipher, or null in clear.</param>
/// <param name="Account">The account that submitted it (RFC 4954), or null.</param>
public sealed record Envelope(
    string ClientAddress,
    string Helo,
    string ReversePath,
    string Protocol,
    string? Tls = null,
    string? Account = null);
