using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Lists.Publishing;

namespace ListServer.Admin.Publishing;

/// <summary>What a domain has to publish.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Records">The records.</param>
/// <param name="StsPolicy">The file of the MTA-STS policy; null where there is none to serve.</param>
/// <param name="StsPolicyAt">Where it has to be served.</param>
public sealed record DomainPublication(string Domain, ImmutableArray<PublishedRecord> Records, string? StsPolicy, string? StsPolicyAt)
{
    /// <summary>A piece of a zone file: the domain's own records, and as remarks those that stand in other zones.</summary>
    public string Zone => string.Concat(Records.Select(record => $"{(record.IsElsewhere ? "; in another zone: " : "")}{record.ZoneLine}\n"));
}

/// <summary>Says which records a domain needs, with the values that are right for it.</summary>
/// <param name="Domain">The domain.</param>
public sealed record ShowDns(string Domain) : UseCase<DomainPublication>
{
    internal static readonly RefusedUseCase NoServer =
        new(Refusal.TryLater, "No server runs on this data folder; 'listserver serve' is what knows its name, its addresses and its name servers.");

    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<DomainPublication>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Dns is not { } dns)
        {
            return NoServer;
        }

        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        var face = await HostCheck.WithAddressesAsync(context.Face, dns, cancellationToken);
        var policy = domain.SendsNothing ? null : DomainRecords.StsPolicy(face);
        return new DomainPublication(
            domain.Name,
            DomainRecords.Of(domain, face, DomainKeys.Texts(context.Store, domain)),
            policy,
            policy is null ? null : $"https://mta-sts.{domain.Name}/.well-known/mta-sts.txt");
    }
}
