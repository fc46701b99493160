using System.Collections.Immutable;
using System.Net;
using ListServer.MailAuth.Dns;

namespace ListServer.Tests.Outbound;

/// <summary>Answers from a table; what is not in it does not exist.</summary>
internal sealed class ZoneFake : IDnsResolver
{
    private readonly Dictionary<(string Name, DnsRecordType Type), DnsAnswer> _answers = [];

    public ZoneFake MX(string domain, params (int Preference, string Exchange)[] records) =>
        Put(domain, DnsRecordType.MX, [.. records.Select(r => new MXRecord(r.Preference, r.Exchange))]);

    public ZoneFake A(string name, params string[] addresses) => Put(name, DnsRecordType.A, [.. addresses.Select(a => new AddressRecord(IPAddress.Parse(a)))]);

    public ZoneFake Aaaa(string name, params string[] addresses) => Put(name, DnsRecordType.Aaaa, [.. addresses.Select(a => new AddressRecord(IPAddress.Parse(a)))]);

    public ZoneFake Tlsa(string name, params TlsaRecord[] records) => Put(name, DnsRecordType.Tlsa, [.. records]);

    public ZoneFake Txt(string name, string text) => Put(name, DnsRecordType.Txt, [new TxtRecord(text)]);

    public ZoneFake NS(string zone, params string[] servers) => Put(zone, DnsRecordType.NS, [.. servers.Select(server => new NameRecord(server))]);

    /// <summary>An alias: its texts stand at another name.</summary>
    public ZoneFake AliasText(string name, string target)
    {
        _answers[(name, DnsRecordType.Txt)] = _answers[(target, DnsRecordType.Txt)] with { Owner = target };
        return this;
    }

    public ZoneFake Remove(string name)
    {
        _answers.Keys.Where(k => k.Name == name).ToList().ForEach(k => _answers.Remove(k));
        return this;
    }

    /// <summary>DNSSEC vouches for all that this name answers, and says so by the AD bit.</summary>
    public ZoneFake Signed(string name)
    {
        foreach (var key in _answers.Keys.Where(k => k.Name == name).ToList())
        {
            _answers[key] = _answers[key] with { IsAuthenticated = true };
        }

        return this;
    }

    /// <summary>An alias: its addresses stand at another name.</summary>
    public ZoneFake Alias(string name, string target)
    {
        foreach (var (key, answer) in _answers.Where(a => a.Key.Name == target && a.Key.Type is DnsRecordType.A or DnsRecordType.Aaaa).ToList())
        {
            _answers[(name, key.Type)] = answer with { Owner = target };
        }

        return this;
    }

    /// <summary>The name exists without such records.</summary>
    public ZoneFake Empty(string name, DnsRecordType type)
    {
        _answers[(name, type)] = DnsAnswer.Empty(DnsStatus.NoData);
        return this;
    }

    public ZoneFake Fail(string name, DnsRecordType type)
    {
        _answers[(name, type)] = DnsAnswer.Empty(DnsStatus.Failure, reason: "SERVFAIL");
        return this;
    }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default) => ValueTask.FromResult(
        _answers.TryGetValue((name, type), out var answer) ? answer
            : DnsAnswer.Empty(_answers.Keys.Any(k => k.Name == name) ? DnsStatus.NoData : DnsStatus.NxDomain));

    private ZoneFake Put(string name, DnsRecordType type, ImmutableArray<DnsRecord> records)
    {
        _answers[(name, type)] = new DnsAnswer(DnsStatus.Success, records, TimeSpan.FromMinutes(5));
        return this;
    }
}
