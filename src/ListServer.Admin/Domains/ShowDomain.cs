using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Admin.Publishing;
using ListServer.Lists;
using ListServer.Lists.Publishing;

namespace ListServer.Admin.Domains;

/// <summary>A domain, and what has to be published for it.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Lists">How many lists it has.</param>
/// <param name="Records">What to publish; without a key no DKIM, and the addresses only where the operator gave them.</param>
public sealed record DomainDetail(MailDomain Domain, int Lists, ImmutableArray<PublishedRecord> Records);

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
        return new DomainDetail(domain, lists, DomainRecords.Of(domain, context.Face, DomainKeys.Texts(context.Store, domain)));
    }
}
