using System.Collections.Immutable;
using System.Net;
using System.Net.Security;

namespace ListServer.Smtp;

/// <summary>One address that listens, and what is promised there.</summary>
public sealed record SmtpEndpoint
{
    /// <summary>Relay, submission or LMTP.</summary>
    public required SmtpRole Role { get; init; }

    /// <summary>An <see cref="IPEndPoint"/> (port 0 takes a free one) or a Unix-domain socket.</summary>
    public required EndPoint ListenEndPoint { get; init; }

    /// <summary>The name in the greeting and in EHLO's answer: our own, fully qualified.</summary>
    public required string HostName { get; init; }

    /// <summary>True where TLS begins with the first octet (RFC 8314 §3.3).</summary>
    public bool IsTlsImplicit { get; init; }

    /// <summary>
    /// Asked at each handshake, so that a renewed certificate is picked up; called from many threads, so it answers from memory.
    /// Null, or an answer of null: no TLS here.
    /// </summary>
    public Func<SslStreamCertificateContext?>? Certificate { get; init; }

    /// <summary>Peers that may speak XCLIENT and XFORWARD, and whom the limits per address pass over. A Unix socket counts as 127.0.0.1.</summary>
    public ImmutableArray<IPNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>Sizes, counts and deadlines.</summary>
    public SmtpLimits Limits { get; init; } = new();

    internal bool IsTrusted(IPAddress address) => TrustedNetworks.Any(network => network.Contains(address));

    internal SslStreamCertificateContext? CurrentCertificate() => Certificate?.Invoke();

    /// <exception cref="ArgumentException">An option makes no sense; the message names it.</exception>
    internal void Validate()
    {
        if (!HelloName.IsValid(HostName) || HostName.StartsWith('['))
            throw new ArgumentException($"HostName '{HostName}' is not a host name.");
        if (IsTlsImplicit && Certificate is null)
            throw new ArgumentException("IsTlsImplicit needs a Certificate.");
        if (Role == SmtpRole.Submission && Certificate is null)
            throw new ArgumentException("Submission needs a Certificate: AUTH is offered over TLS only.");
        Limits.Validate();
    }
}
