using ListServer.Lists;

namespace ListServer.Admin.Domains;

/// <summary>All domains, by name.</summary>
public sealed record BrowseDomains : Query<IReadOnlyList<MailDomain>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<MailDomain>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<MailDomain>>([.. context.Store.Domains.OrderBy(domain => domain.Name, StringComparer.Ordinal)]);
}
