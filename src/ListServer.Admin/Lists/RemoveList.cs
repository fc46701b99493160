using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Store.Changes;

namespace ListServer.Admin.Lists;

/// <summary>Closes a list: its members go, its posts' traces stay.</summary>
/// <param name="Address">The posting address.</param>
public sealed record RemoveList(string Address) : UseCase<MailingList>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MailingList>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(Address) is not { } list)
        {
            return MissingList.Refuse(Address);
        }

        var waiting = context.Store.CountOpenPosts(list.Address, PostState.Held) + context.Store.CountOpenPosts(list.Address, PostState.Accepted);
        if (waiting > 0)
        {
            return RefusedUseCase.Conflict($"{waiting} post(s) of {list.Address} wait. Decide about those that are held first ('listserver held list {list.Address}').");
        }

        // Whoever makes a list of that name later has agreed to nothing.
        Change[] consent = context.Store.HasDmarcConsent(list.Address, ConsentPurpose.Filtering)
            ? [new DmarcConsentWithdrawn(list.Address, ConsentPurpose.Filtering, context.Time.GetUtcNow(), context.Actor)]
            : [];
        await context.CommitAsync([new ListRemoved(list.Address), .. consent], cancellationToken);
        return list;
    }
}
