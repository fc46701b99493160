using System.Net;
using System.Net.Sockets;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Spf;

/// <summary>The client's reverse names, and which of them lead back to it (RFC 7208 §5.5).</summary>
internal sealed class ValidatedNames(IDnsResolver resolver, IPAddress client)
{
    /// <summary>RFC 7208 §4.6.4: names beyond the first ten are ignored.</summary>
    private const int MaxNames = 10;

    private readonly Dictionary<string, bool> _isValidated = new(StringComparer.OrdinalIgnoreCase);
    private List<string>? _names;

    /// <summary>What the one PTR look-up gave: only Success leaves names to look at.</summary>
    public DnsStatus Status { get; private set; }

    /// <summary>The validated name that is the domain or below it, or null.</summary>
    public async ValueTask<string?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var candidates = await NamesAsync(cancellationToken).ConfigureAwait(false);

        // Only names that would match are worth an address look-up.
        return await FirstValidAsync(candidates.Where(n => DomainName.IsSameOrBelow(n, domain)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The value of the macro p (RFC 7208 §7.3): the domain itself, else one below it, else any validated name, else "unknown".</summary>
    public async ValueTask<string> BestAsync(string domain, CancellationToken cancellationToken)
    {
        var candidates = await NamesAsync(cancellationToken).ConfigureAwait(false);
        var ordered = candidates.OrderBy(n => n.Equals(domain, StringComparison.OrdinalIgnoreCase) ? 0 : DomainName.IsSameOrBelow(n, domain) ? 1 : 2);
        return await FirstValidAsync(ordered, cancellationToken).ConfigureAwait(false) ?? "unknown";
    }

    private async ValueTask<List<string>> NamesAsync(CancellationToken cancellationToken)
    {
        if (_names is null)
        {
            var reverse = client.AddressFamily == AddressFamily.InterNetwork
                ? string.Join('.', client.GetAddressBytes().Reverse()) + ".in-addr.arpa"
                : new string([.. MacroExpander.Nibbles(client, '.').Reverse()]) + ".ip6.arpa";
            var answer = await resolver.QueryAsync(reverse, DnsRecordType.Ptr, cancellationToken).ConfigureAwait(false);
            Status = answer.Status;
            _names = [.. answer.Records.OfType<NameRecord>().Select(r => r.Name).Take(MaxNames)];
        }

        return _names;
    }

    private async ValueTask<string?> FirstValidAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            if (!_isValidated.TryGetValue(name, out var isValid))
            {
                _isValidated[name] = isValid = await LeadsBackAsync(name, cancellationToken).ConfigureAwait(false);
            }

            if (isValid)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>A name whose addresses can't be had is skipped (RFC 7208 §5.5).</summary>
    private async ValueTask<bool> LeadsBackAsync(string name, CancellationToken cancellationToken)
    {
        var type = client.AddressFamily == AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;
        var answer = await resolver.QueryAsync(name, type, cancellationToken).ConfigureAwait(false);
        return answer.Records.OfType<AddressRecord>().Any(r => r.Address.Equals(client));
    }
}
