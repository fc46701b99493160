using ListServer.Admin.Keys;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Domains;

/// <summary>Changes what a domain is for. What is null stays.</summary>
/// <param name="Name">The domain.</param>
public sealed record SetDomain(string Name) : UseCase<MailDomain>
{
    /// <summary>True for a domain that neither sends nor takes mail. It signs with no key any more.</summary>
    public bool? SendsNothing { get; init; }

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

        var sendsNothing = SendsNothing ?? domain.SendsNothing;
        var changed = domain with { SendsNothing = sendsNothing, Selector = sendsNothing ? null : domain.Selector };
        if (changed != domain)
        {
            await context.CommitAsync(new DomainSaved(changed), cancellationToken);
        }

        return changed;
    }
}
