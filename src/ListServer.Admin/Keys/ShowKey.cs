using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;

namespace ListServer.Admin.Keys;

/// <summary>The DNS record of a domain's key.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Selector">Null for the one in use, or for the first one, that waits to be.</param>
public sealed record ShowKey(string Domain, string? Selector = null) : Query<KeyAnswer>
{
    /// <inheritdoc/>
    protected override Outcome<KeyAnswer> Look(AdminContext context)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        var chosen = Selector ?? domain.Selector ?? context.Store.DomainKeys(domain.Name).FirstOrDefault(key => key.Stage == KeyStage.Made)?.Selector;
        if (chosen is not { } selector || context.Store.Keys.Load(domain.Name, selector) is not { } stored)
        {
            return RefusedUseCase.NotFound($"{domain.Name} has no key {Selector}. Make one: listserver key generate {domain.Name} --selector S");
        }

        if (!SigningKey.TryLoad(stored.Pem, null, out var key, out var error))
        {
            return RefusedUseCase.Invalid($"The key {selector} of {domain.Name} can't be read: {error}");
        }

        using (key)
        {
            return KeyAnswer.Of(domain, selector, key);
        }
    }
}
