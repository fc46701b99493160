using ListServer.Lists.Publishing;
using ListServer.Store.Changes;

namespace ListServer.Admin.Keys;

/// <summary>Takes note of what DNS says of a key, and brings the key as far as that goes: a new one that all name servers show signs from now on.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Selector">The key.</param>
/// <param name="Sight">What was seen.</param>
/// <param name="Why">Where it was not shown, in words.</param>
public sealed record SeeKey(string Domain, string Selector, KeySight Sight, string Why = "") : UseCase<DomainKey>
{
    /// <inheritdoc/>
    public override async Task<Outcome<DomainKey>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        var kept = context.Store.FindKey(domain.Name, Selector);
        var key = kept ?? KeyTurn.Of(context, domain, Selector);
        var seen = key.See(Sight, Why, context.Time.GetUtcNow());
        if (key.Stage == KeyStage.Made && seen.Stage == KeyStage.Used)
        {
            await context.CommitAsync(KeyTurn.To(context, domain, seen), cancellationToken);
        }
        else if (seen != kept)
        {
            await context.CommitAsync(new KeySaved(seen), cancellationToken);
        }

        return seen;
    }
}
