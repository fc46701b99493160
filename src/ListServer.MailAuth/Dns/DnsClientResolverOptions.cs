using System.Collections.Immutable;
using System.Net;

namespace ListServer.MailAuth.Dns;

/// <summary>Which servers a <see cref="DnsClientResolver"/> asks, and how long it waits.</summary>
public sealed record DnsClientResolverOptions
{
    /// <summary>The recursive servers, best first; empty for the ones that the operating system names.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long one try may take. A second try (at the next server, if there is one) is the last.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// True to ask for DNSSEC records (the DO bit), so that a validating server on loopback, or a trusted one, sets AD (RFC 4035 §3.2.3); others are not asked.
    /// Answers grow; only DANE needs it.
    /// </summary>
    public bool RequestDnssec { get; init; }

    /// <summary>Addresses of servers, beside loopback, whose AD bit is believed: they validate, and nobody else can write on the network to them.</summary>
    public ImmutableArray<IPAddress> TrustedServers { get; init; } = [];
}
