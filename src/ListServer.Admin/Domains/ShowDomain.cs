using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Lists;

namespace ListServer.Admin.Domains;

/// <summary>A DNS record that a domain's mail needs.</summary>
/// <param name="Purpose">MX, SPF, DKIM or DMARC.</param>
/// <param name="Name">Where it stands.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Value">What it says.</param>
public sealed record RecordToPublish(string Purpose, string Name, string Kind, string Value);

/// <summary>A domain, and what has to be published for it.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Lists">How many lists it has.</param>
/// <param name="Records">What to publish; without a key no DKIM.</param>
public sealed record DomainDetail(MailDomain Domain, int Lists, ImmutableArray<RecordToPublish> Records);

/// <summary>One domain.</summary>
/// <param name="Name">The domain.</param>
public sealed record ShowDomain(string Name) : Query<DomainDetail>
{
    /// <inheritdoc/>
    protected override Outcome<DomainDetail> Look(AdminContext context)
    {
        if (MissingDomain.Find(context.Store, Name) is not { } domain)
        {
            return MissingDomain.Refuse(Name);
        }

        var lists = context.Store.Lists.Count(list => list.Domain == domain.Name);
        return new DomainDetail(domain, lists, [.. Records(domain, context)]);
    }

    private static IEnumerable<RecordToPublish> Records(MailDomain domain, AdminContext context)
    {
        yield return new RecordToPublish("MX", domain.Name, "MX", $"10 {context.HostName}.");
        yield return new RecordToPublish("SPF", domain.Name, "TXT", $"v=spf1 a:{context.HostName} -all");
        if (domain.Selector is { } selector && context.Store.Keys.Load(domain.Name, selector) is { } stored
            && MailAuth.Dkim.SigningKey.TryLoad(stored.Pem, null, out var key, out _))
        {
            using (key)
            {
                yield return new RecordToPublish("DKIM", $"{selector}._domainkey.{domain.Name}", "TXT", key.DnsRecord);
            }
        }

        yield return new RecordToPublish("DMARC", $"_dmarc.{domain.Name}", "TXT", "v=DMARC1; p=reject");
    }
}
