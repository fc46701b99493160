using System.Collections.Immutable;
using System.Net;
using System.Text;
using ListServer.MailAuth.Dns;

namespace ListServer.Fuzz;

/// <summary>
/// DNS as the octets of a case say: after a first line for the sender, lines of name, type (T, A, 6, M, P, or F for a failure) and
/// data, apart by tabs. The name * answers for all that have no line of their own. What is not in the zone does not exist.
/// </summary>
internal sealed class OctetZone : IDnsResolver
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(1);
    private readonly Dictionary<(string Name, DnsRecordType Type), ImmutableArray<DnsRecord>.Builder> _records = [];
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);

    public OctetZone(byte[] octets)
    {
        var lines = Encoding.Latin1.GetString(octets).Split('\n');
        Sender = lines[0];
        foreach (var line in lines.Skip(1))
        {
            if (line.Split('\t', 3) is [var name, [var type], var data])
            {
                Add(name.ToLowerInvariant(), type, data);
            }
        }
    }

    /// <summary>The first line.</summary>
    public string Sender { get; }

    /// <summary>How many questions were asked.</summary>
    public int Questions { get; private set; }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        Questions++;
        if (!DnsName.TryNormalize(name.ToLowerInvariant(), out var known, out var fault))
        {
            return ValueTask.FromResult(DnsAnswer.Empty(DnsStatus.NxDomain, reason: fault));
        }

        return ValueTask.FromResult(
            _failing.Contains(known) ? DnsAnswer.Empty(DnsStatus.Failure, reason: "as the zone says")
            : _records.TryGetValue((known, type), out var own) || _records.TryGetValue(("*", type), out own) ? new DnsAnswer(DnsStatus.Success, own.ToImmutable(), Ttl)
            : DnsAnswer.Empty(DnsStatus.NxDomain));
    }

    private void Add(string name, char type, string data)
    {
        switch (type)
        {
            case 'T':
                Put(name, DnsRecordType.Txt, new TxtRecord(data));
                break;
            case 'A' or '6' when IPAddress.TryParse(data, out var address):
                Put(name, type == 'A' ? DnsRecordType.A : DnsRecordType.Aaaa, new AddressRecord(address));
                break;
            case 'M':
                Put(name, DnsRecordType.MX, new MXRecord(data.Length, data));
                break;
            case 'P':
                Put(name, DnsRecordType.Ptr, new NameRecord(data));
                break;
            case 'F':
                _failing.Add(name);
                break;
            default:
                break;
        }
    }

    private void Put(string name, DnsRecordType type, DnsRecord record)
    {
        if (!_records.TryGetValue((name, type), out var records))
        {
            _records[(name, type)] = records = ImmutableArray.CreateBuilder<DnsRecord>();
        }

        records.Add(record);
    }
}
