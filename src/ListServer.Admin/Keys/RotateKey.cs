using System.Globalization;
using ListServer.Lists.Publishing;

namespace ListServer.Admin.Keys;

/// <summary>Makes the key that is to follow a domain's present one; when one is on its way already, that is the answer.</summary>
/// <param name="Domain">The domain.</param>
public sealed record RotateKey(string Domain) : UseCase<KeyAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<KeyAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        if (context.Store.DomainKeys(domain.Name).FirstOrDefault(key => key.Stage == KeyStage.Made) is { } made)
        {
            return await new ShowKey(domain.Name, made.Selector).RunAsync(context, cancellationToken);
        }

        var month = context.Time.GetUtcNow().ToString("yyyyMM", CultureInfo.InvariantCulture);
        var taken = context.Store.Keys.Selectors(domain.Name);
        var selector = Enumerable.Range(0, taken.Count + 1).Select(number => $"s{month}{(number == 0 ? "" : $"-{number + 1}")}").First(name => !taken.Contains(name));
        return await new GenerateKey(domain.Name, selector).RunAsync(context, cancellationToken);
    }
}
