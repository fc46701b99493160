using System.Globalization;
using ListServer.MailAuth.Dns;

namespace ListServer.Outbound.Tls;

/// <summary>A host of a domain with what DNS said about it.</summary>
/// <param name="Name">As the MX names it.</param>
/// <param name="CanonicalName">Where its CNAMEs lead; its own name mostly.</param>
/// <param name="IsSecure">True when DNSSEC vouches for the way from the domain to the host's addresses.</param>
internal sealed record ExchangeHost(string Name, string CanonicalName, bool IsSecure);

/// <summary>What the TLSA records of a host ask.</summary>
/// <param name="HostName">The name under which they stand: told to the server and looked for in its certificate.</param>
/// <param name="Policy">What they ask; null for nothing.</param>
/// <param name="Failure">Why the host can't be used, in words; null when it can.</param>
internal sealed record DaneAnswer(string HostName, HostPolicy? Policy, string? Failure = null);

/// <summary>Looks for TLSA records of mail hosts (RFC 7672 §2.2).</summary>
internal sealed class DaneLookup(OutboundOptions options, IDnsResolver dns)
{
    /// <summary>Asks for one host of a domain.</summary>
    public async Task<DaneAnswer> FindAsync(string domain, ExchangeHost host, CancellationToken cancellationToken)
    {
        // Where the way to the host is not signed its records prove nothing, and asking breaks on old name servers (RFC 7672 §2.1.3, §2.2.2).
        if (!options.Dane || options.Tls == TlsMode.None || !host.IsSecure)
        {
            return new DaneAnswer(host.Name, null);
        }

        // RFC 7672 §2.2.3: where the name is an alias, its target's records come first.
        string[] names = host.CanonicalName.Equals(host.Name, StringComparison.OrdinalIgnoreCase) ? [host.Name] : [host.CanonicalName, host.Name];
        foreach (var name in names)
        {
            var answer = await dns.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"_{options.Port}._tcp.{name}"), DnsRecordType.Tlsa, cancellationToken).ConfigureAwait(false);
            if (answer.Status == DnsStatus.Failure)
            {
                // An attacker who can't forge the answer can hold it back: then the host is as good as down (RFC 7672 §2.1.2).
                return new DaneAnswer(name, null, $"DNS gave no answer for the TLSA records of {name}: {answer.Reason ?? "no reason given"}");
            }

            if (answer is { Status: DnsStatus.Success, IsAuthenticated: true })
            {
                return new DaneAnswer(name, Read(new TlsaSet(answer.Records.OfType<TlsaRecord>()), name, host.Name, domain));
            }
        }

        return new DaneAnswer(host.Name, null);
    }

    private HostPolicy? Read(TlsaSet tlsa, string name, string host, string domain) =>
        tlsa.HasUsable ? new HostPolicy.Dane(tlsa, [.. new[] { name, host, domain }.Distinct(StringComparer.OrdinalIgnoreCase)])

        // An operator who wants proof gets the ordinary one.
        : options.Tls == TlsMode.Required ? null
        : new HostPolicy.Encrypted();
}
