using System.Collections.Immutable;
using System.Net;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Publishing;

/// <summary>What each part of the check of one domain needs.</summary>
/// <param name="Dns">Answers the questions.</param>
/// <param name="Domain">The domain.</param>
/// <param name="Face">How the world should see the server, with the addresses that its mail leaves from.</param>
internal sealed record DomainLook(IDnsResolver Dns, MailDomain Domain, PublicFace Face)
{
    /// <summary>The texts at a name.</summary>
    public async ValueTask<(DnsAnswer Answer, ImmutableArray<string> Texts)> TextsAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await Dns.QueryAsync(name, DnsRecordType.Txt, cancellationToken);
        return (answer, [.. answer.Records.OfType<TxtRecord>().Select(record => record.Text)]);
    }

    /// <summary>The addresses of a host, in both families; a failure of one is one of both, as half of the truth misleads.</summary>
    public static async ValueTask<(ImmutableArray<IPAddress> Addresses, string? Owner, string? Failure)> AddressesAsync(
        IDnsResolver dns, string host, CancellationToken cancellationToken)
    {
        var v4 = await dns.QueryAsync(host, DnsRecordType.A, cancellationToken);
        var v6 = await dns.QueryAsync(host, DnsRecordType.Aaaa, cancellationToken);
        var failed = v4.Status == DnsStatus.Failure ? v4 : v6.Status == DnsStatus.Failure ? v6 : null;
        return (
            [.. v4.Records.Concat(v6.Records).OfType<AddressRecord>().Select(record => record.Address)],
            v4.Owner ?? v6.Owner,
            failed is null ? null : failed.Reason ?? "no answer");
    }
}
