using ListServer.Lists.Publishing;

namespace ListServer.Admin.Keys;

/// <summary>The keys of all domains, or of one, and how far each has come.</summary>
/// <param name="Domain">Null for all.</param>
public sealed record BrowseKeys(string? Domain = null) : Query<IReadOnlyList<DomainKey>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<DomainKey>> Look(AdminContext context)
    {
        var domains = Domain is null ? context.Store.Domains : MissingDomain.Find(context.Store, Domain) is { } one ? [one] : null;
        return domains is null
            ? MissingDomain.Refuse(Domain!)
            : Outcome.Done<IReadOnlyList<DomainKey>>(
            [
                .. domains.OrderBy(domain => domain.Name, StringComparer.Ordinal)
                    .SelectMany(domain => context.Store.Keys.Selectors(domain.Name).Select(selector => KeyTurn.Of(context, domain, selector)).OrderBy(key => key.Stage).ThenBy(key => key.Since)),
            ]);
    }
}
