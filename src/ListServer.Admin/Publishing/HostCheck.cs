using System.Collections.Immutable;
using System.Net;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Publishing;

/// <summary>The server's name and the names of the addresses that mail leaves from (AUTH-74).</summary>
internal static class HostCheck
{
    /// <summary>The face with the addresses that DNS knows of its name, where the operator gave none.</summary>
    public static async Task<PublicFace> WithAddressesAsync(PublicFace face, IDnsResolver dns, CancellationToken cancellationToken) =>
        face.Addresses.IsEmpty && face.Includes.IsEmpty && face.Smarthost is null
            ? face with { Addresses = (await DomainLook.AddressesAsync(dns, face.HostName, cancellationToken)).Addresses }
            : face;

    public static async Task<ImmutableArray<DnsRow>> RowsAsync(PublicFace face, IDnsResolver dns, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<DnsRow>();
        rows.Add(await NameAsync(face, dns, cancellationToken));
        foreach (var address in face.Addresses)
        {
            rows.Add(await PointerAsync(address, face, dns, cancellationToken));
        }

        return rows.ToImmutable();
    }

    private static async Task<DnsRow> NameAsync(PublicFace face, IDnsResolver dns, CancellationToken cancellationToken)
    {
        var (addresses, _, failure) = await DomainLook.AddressesAsync(dns, face.HostName, cancellationToken);
        var record = new PublishedRecord("Host name", face.HostName, "A", face.Addresses.IsEmpty ? "" : face.Addresses[0].ToString(), IsElsewhere: true);
        var row = failure is not null ? DnsRow.Unasked(record, face.HostName, failure)
            : addresses.IsEmpty ? DnsRow.Wrong(record, [], DnsFaultKind.HostMissing, face.HostName).Put(null)
            : DnsRow.Good(record, addresses.Select(address => address.ToString()));

        // Which address it has is not ours to say.
        return row with { Expected = "" };
    }

    private static async Task<DnsRow> PointerAsync(IPAddress address, PublicFace face, IDnsResolver dns, CancellationToken cancellationToken)
    {
        var record = DomainRecords.Pointer(address, face);
        var answer = await dns.QueryAsync(record.Name, DnsRecordType.Ptr, cancellationToken);
        var names = answer.Records.OfType<NameRecord>().Select(pointer => pointer.Name).ToList();
        if (answer.Status == DnsStatus.Failure)
        {
            return DnsRow.Unasked(record, record.Name, answer.Reason);
        }

        if (names.Count == 0)
        {
            return DnsRow.Wrong(record, names, DnsFaultKind.PointerMissing, address.ToString());
        }

        string? failure = null;
        foreach (var name in names.Take(10))
        {
            var back = await DomainLook.AddressesAsync(dns, name, cancellationToken);
            if (back.Addresses.Contains(address))
            {
                return DnsRow.Good(record, names);
            }

            failure ??= back.Failure is null ? null : $"{name}: {back.Failure}";
        }

        return failure is null
            ? DnsRow.Wrong(record, names, DnsFaultKind.PointerNotBack, address.ToString(), string.Join(", ", names.Take(10)))
            : DnsRow.Unasked(record, names[0], failure);
    }
}
