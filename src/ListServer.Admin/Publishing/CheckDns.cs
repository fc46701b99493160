using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.MailAuth.Dkim;

namespace ListServer.Admin.Publishing;

/// <summary>Compares what domains have to publish with what DNS says now.</summary>
/// <param name="Domain">The domain; null for all.</param>
public sealed record CheckDns(string? Domain = null) : UseCase<DnsReport>
{
    /// <summary>A copy of a post of the domain as somebody received it, to see who signed it; null for none.</summary>
    public byte[]? Copy { get; init; }

    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<DnsReport>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Dns is not { } dns)
        {
            return ShowDns.NoServer;
        }

        var domains = Domain is null ? context.Store.Domains : MissingDomain.Find(context.Store, Domain) is { } one ? [one] : null;
        if (domains is null)
        {
            return MissingDomain.Refuse(Domain!);
        }

        var face = await HostCheck.WithAddressesAsync(context.Face, dns, cancellationToken);
        var reports = ImmutableArray.CreateBuilder<DomainDns>();
        foreach (var domain in domains.OrderBy(domain => domain.Name, StringComparer.Ordinal))
        {
            var look = new DomainLook(dns, domain, face);
            var rows = await RowsAsync(look, context, cancellationToken);
            reports.Add(new DomainDns(domain.Name, Copy is null ? rows : [.. rows, await SignatureLook.RowAsync(look, Copy, cancellationToken)]));
        }

        return new DnsReport(await HostCheck.RowsAsync(face, dns, cancellationToken), reports.ToImmutable());
    }

    private static async Task<ImmutableArray<DnsRow>> RowsAsync(DomainLook look, AdminContext context, CancellationToken cancellationToken)
    {
        var (mx, spf) = (MxCheck.RowAsync(look, cancellationToken), SpfCheckup.RowAsync(look, context.Time, cancellationToken));
        var dmarc = DmarcCheck.RowsAsync(look, cancellationToken);
        return look.Domain.SendsNothing
            ? [await mx, await spf, .. await dmarc]
            :
            [
                await mx,
                await spf,
                .. await KeysAsync(look, context, cancellationToken),
                .. await dmarc,
                .. await TransportCheck.RowsAsync(look, context.LookAtSts, cancellationToken),
            ];
    }

    /// <summary>One row for each key that is to be seen.</summary>
    internal static async Task<ImmutableArray<DnsRow>> KeysAsync(DomainLook look, AdminContext context, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<DnsRow>();
        foreach (var stored in DomainKeys.Published(context.Store, look.Domain))
        {
            if (SigningKey.TryLoad(stored.Pem, null, out var key, out _))
            {
                using (key)
                {
                    rows.Add(await DkimCheck.RowAsync(look, stored.Selector, key, cancellationToken));
                }
            }
        }

        return rows.Count > 0 ? rows.ToImmutable() : [DkimCheck.NoKey(look, context.Time.GetUtcNow())];
    }
}
