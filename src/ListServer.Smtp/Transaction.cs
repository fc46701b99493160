using System.Collections.Immutable;
using System.Net;

namespace ListServer.Smtp;

/// <summary>What is known of the peer when a transaction begins.</summary>
/// <param name="SessionId">Short and unique within a run: it stands in logs and in the Received field.</param>
/// <param name="ClientAddress">The SMTP client's address; for LMTP the one that XCLIENT or XFORWARD gave, if any.</param>
/// <param name="Helo">The name given in EHLO, HELO or LHLO, as written.</param>
/// <param name="Protocol">The "with" keyword of the Received field: SMTP, ESMTP, ESMTPS, ESMTPSA, UTF8SMTPS, LMTP … (RFC 3848, 6531).</param>
/// <param name="TlsVersion">Such as TLSv1.3, or null in clear.</param>
/// <param name="TlsCipher">The cipher suite, or null in clear.</param>
/// <param name="Account">The authenticated account (RFC 4954), or null.</param>
/// <param name="IsForwarded">True when <paramref name="ClientAddress"/> came through XCLIENT or XFORWARD.</param>
public sealed record SmtpClientInfo(
    string SessionId,
    IPAddress ClientAddress,
    string Helo,
    string Protocol,
    string? TlsVersion,
    string? TlsCipher,
    string? Account,
    bool IsForwarded = false);

/// <summary>One mail transaction: an envelope (RFC 5321 §3.3).</summary>
/// <param name="Client">The peer.</param>
/// <param name="ReversePath">MAIL FROM without angle brackets; empty for the null reverse-path.</param>
/// <param name="ForwardPaths">The accepted RCPT TO addresses without angle brackets, in order.</param>
/// <param name="IsSmtpUtf8">True when MAIL carried SMTPUTF8 (RFC 6531).</param>
/// <param name="IsEightBit">True when MAIL carried BODY=8BITMIME (RFC 6152).</param>
/// <param name="DeclaredSize">SIZE= of MAIL (RFC 1870), or null.</param>
public sealed record Transaction(
    SmtpClientInfo Client,
    string ReversePath,
    ImmutableArray<string> ForwardPaths,
    bool IsSmtpUtf8,
    bool IsEightBit,
    long? DeclaredSize);
