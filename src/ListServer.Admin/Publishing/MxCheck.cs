using System.Globalization;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Publishing;

/// <summary>Does mail for the domain come here?</summary>
internal static class MxCheck
{
    private const int MostHosts = 10;

    public static async Task<DnsRow> RowAsync(DomainLook look, CancellationToken cancellationToken)
    {
        var domain = look.Domain.Name;
        var record = DomainRecords.Of(look.Domain, look.Face, []).First(r => r.Purpose == "MX");
        var answer = await look.Dns.QueryAsync(domain, DnsRecordType.MX, cancellationToken);
        if (answer.Status == DnsStatus.Failure)
        {
            return DnsRow.Unasked(record, domain, answer.Reason);
        }

        var exchangers = answer.Records.OfType<MXRecord>().OrderBy(mx => mx.Preference).ToList();
        var found = exchangers.ConvertAll(mx => string.Create(CultureInfo.InvariantCulture, $"{mx.Preference} {mx.Exchange}."));
        var isNull = exchangers is [{ Exchange.Length: 0 }];
        if (look.Domain.SendsNothing)
        {
            return isNull ? DnsRow.Good(record, found) : DnsRow.Wrong(record, found, DnsFaultKind.UnusedMx, domain);
        }

        return exchangers.Count == 0 ? DnsRow.Wrong(record, found, DnsFaultKind.MxMissing, domain)
            : isNull ? DnsRow.Wrong(record, found, DnsFaultKind.MxNull, domain)
            : await HostsAsync(look, record, found, [.. exchangers.Take(MostHosts).Select(mx => mx.Exchange)], cancellationToken);
    }

    private static async Task<DnsRow> HostsAsync(
        DomainLook look, PublishedRecord record, List<string> found, List<string> hosts, CancellationToken cancellationToken)
    {
        var domain = look.Domain.Name;
        foreach (var host in hosts)
        {
            var (addresses, owner, failure) = await DomainLook.AddressesAsync(look.Dns, host, cancellationToken);
            if (failure is not null)
            {
                return DnsRow.Unasked(record, host, failure);
            }

            // RFC 2181 §10.3: the name of an MX is not an alias.
            if (owner is not null && !owner.Equals(host, StringComparison.OrdinalIgnoreCase))
            {
                return DnsRow.Wrong(record, found, DnsFaultKind.MxAlias, domain, host, owner);
            }

            if (addresses.IsEmpty)
            {
                return DnsRow.Wrong(record, found, DnsFaultKind.MxNoAddress, domain, host).Put(null);
            }
        }

        return hosts.Exists(host => look.Face.Exchangers.Contains(host, StringComparer.OrdinalIgnoreCase))
            ? DnsRow.Good(record, found)
            : DnsRow.Wrong(record, found, DnsFaultKind.MxElsewhere, domain, string.Join(", ", hosts));
    }
}
