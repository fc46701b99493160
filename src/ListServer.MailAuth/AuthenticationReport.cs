using System.Collections.Immutable;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth;

/// <summary>All that was found out about one message as it arrived.</summary>
/// <param name="Author">The one From address, or why there is none.</param>
/// <param name="SpfMailFrom">SPF of MAIL FROM (of postmaster@HELO for the null reverse-path): the one that DMARC uses.</param>
/// <param name="SpfHelo">SPF of the HELO name.</param>
/// <param name="Dkim">One result for each DKIM-Signature field, top to bottom; empty when there is none.</param>
/// <param name="Arc">The ARC chain's state.</param>
/// <param name="Dmarc">The DMARC evaluation of the author's domain.</param>
public sealed record AuthenticationReport(
    AuthorResult Author,
    SpfResult SpfMailFrom,
    SpfResult SpfHelo,
    ImmutableArray<DkimResult> Dkim,
    ArcResult Arc,
    DmarcResult Dmarc)
{
    /// <summary>What DNS was asked for this message, in the order in which the answers came (for the trace and for explanations).</summary>
    public ImmutableArray<DnsLookup> Lookups { get; init; } = [];
}

/// <summary>The address in the From field, found by the one parser that verification, display and rewriting share (SEC-17).</summary>
/// <param name="Address">local-part@domain as written, or null when the message has no single valid author.</param>
/// <param name="Domain">The address's domain in lower-case A-labels, or null.</param>
/// <param name="DisplayName">The display name, decoded (RFC 2047), or null.</param>
/// <param name="Reason">Why there is no single valid author, or null.</param>
public sealed record AuthorResult(string? Address, string? Domain, string? DisplayName, string? Reason)
{
    /// <summary>True when exactly one From field holds exactly one valid address.</summary>
    public bool IsValid => Address is not null;
}
