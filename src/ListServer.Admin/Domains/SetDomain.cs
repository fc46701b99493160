using ListServer.Admin.Keys;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.Store.Changes;

namespace ListServer.Admin.Domains;

/// <summary>Changes what a domain is for. What is null stays.</summary>
/// <param name="Name">The domain.</param>
public sealed record SetDomain(string Name) : UseCase<MailDomain>
{
    /// <summary>True for a domain that neither sends nor takes mail. It signs with no key any more.</summary>
    public bool? SendsNothing { get; init; }

    /// <summary>How old its key gets before another one is made, in days; 0 for never.</summary>
    public int? RotateDays { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<MailDomain>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Name) is not { } domain)
        {
            return MissingDomain.Refuse(Name);
        }

        if (SendsNothing is true && context.Store.Lists.FirstOrDefault(list => list.Domain == domain.Name) is { } list)
        {
            return RefusedUseCase.Conflict($"{domain.Name} has lists, such as {list.Address}: it sends mail.");
        }

        if (RotateDays is < 0 or > MailDomain.MostRotateDays)
        {
            return RefusedUseCase.Invalid($"A key is followed by another one after {MailDomain.MostRotateDays} days at the most; 0 is for never.");
        }

        var changed = domain with { SendsNothing = SendsNothing ?? domain.SendsNothing, RotateDays = RotateDays ?? domain.RotateDays };
        if (changed.SendsNothing && !domain.SendsNothing)
        {
            var now = context.Time.GetUtcNow();
            var unused = context.Store.DomainKeys(domain.Name).Where(key => key.Stage == KeyStage.Made).Select(key => new KeySaved(key.To(KeyStage.Retired, now)));
            await context.CommitAsync([.. KeyTurn.To(context, changed, null), .. unused], cancellationToken);
            return changed with { Selector = null };
        }

        if (changed != domain)
        {
            await context.CommitAsync(new DomainSaved(changed), cancellationToken);
        }

        return changed;
    }
}
