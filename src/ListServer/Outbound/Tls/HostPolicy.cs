using System.Collections.Immutable;

namespace ListServer.Outbound.Tls;

/// <summary>What a host's side asks of a connection to it, beyond what the operator asks. There is no falling back behind it.</summary>
public abstract record HostPolicy
{
    private HostPolicy()
    {
    }

    /// <summary>The certificate is one that the host's signed TLSA records name (RFC 7672 §3).</summary>
    /// <param name="Tlsa">The records, at least one of them usable.</param>
    /// <param name="Names">The names of which one has to be in a certificate that an authority vouches for: the host's, the domain's.</param>
    public sealed record Dane(TlsaSet Tlsa, ImmutableArray<string> Names) : HostPolicy;

    /// <summary>Signed TLSA records say that the host speaks TLS, but none can be used: TLS with any certificate (RFC 7672 §2.2).</summary>
    public sealed record Encrypted : HostPolicy;

    /// <summary>The domain's MTA-STS policy (RFC 8461 §4): the policy names the host, and a public authority vouches for its name.</summary>
    /// <param name="Policy">The policy, in mode testing or enforce.</param>
    /// <param name="IsNamed">False for a host that it does not name, to which mail goes in mode testing only.</param>
    public sealed record Sts(StsPolicy Policy, bool IsNamed) : HostPolicy;
}
