using System.Net;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Tests.Publishing;

/// <summary>Answers from a table; what is not in it does not exist.</summary>
internal sealed class Zone : IDnsResolver
{
    private readonly Dictionary<(string Name, DnsRecordType Type), List<DnsRecord>> _records = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly HashSet<string> _failing = [];

    public Zone Text(string name, params string[] texts) => Put(name, DnsRecordType.Txt, texts.Select(text => new TxtRecord(text)));

    public Zone Address(string name, params string[] addresses)
    {
        foreach (var address in addresses.Select(IPAddress.Parse))
        {
            Add(name, address.GetAddressBytes().Length == 4 ? DnsRecordType.A : DnsRecordType.Aaaa, new AddressRecord(address));
        }

        return this;
    }

    public Zone Exchanger(string name, params string[] hosts) => Put(name, DnsRecordType.MX, hosts.Select((host, place) => new MXRecord(place * 10, host)));

    public Zone Pointer(string address, string name) =>
        Put(PublishedRecord.ReverseName(IPAddress.Parse(address)), DnsRecordType.Ptr, [new NameRecord(name)]);

    public Zone NameServers(string zone, params string[] hosts) => Put(zone, DnsRecordType.NS, hosts.Select(host => new NameRecord(host)));

    public Zone Alias(string name, string target)
    {
        _aliases[name] = target;
        return this;
    }

    public Zone Without(string name)
    {
        _records.Keys.Where(key => key.Name == name).ToList().ForEach(key => _records.Remove(key));
        return this;
    }

    /// <summary>The name's servers do not answer.</summary>
    public Zone Fails(string name)
    {
        _failing.Add(name);
        return this;
    }

    public Zone Recovers(string name)
    {
        _failing.Remove(name);
        return this;
    }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        if (_failing.Contains(name))
        {
            return new(DnsAnswer.Empty(DnsStatus.Failure, reason: "the server answered ServerFailure"));
        }

        var owner = _aliases.GetValueOrDefault(name, name);
        return new(_records.TryGetValue((owner, type), out var found)
            ? new DnsAnswer(DnsStatus.Success, [.. found], TimeSpan.FromMinutes(5)) { Owner = owner }
            : DnsAnswer.Empty(_records.Keys.Any(key => key.Name == owner || key.Name.EndsWith('.' + owner, StringComparison.Ordinal)) ? DnsStatus.NoData : DnsStatus.NxDomain));
    }

    private Zone Put(string name, DnsRecordType type, IEnumerable<DnsRecord> records)
    {
        _records.Remove((name, type));
        foreach (var record in records)
        {
            Add(name, type, record);
        }

        return this;
    }

    private void Add(string name, DnsRecordType type, DnsRecord record)
    {
        if (!_records.TryGetValue((name, type), out var records))
        {
            _records[(name, type)] = records = [];
        }

        records.Add(record);
    }
}
