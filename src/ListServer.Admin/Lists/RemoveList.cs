using ListServer.Lists;
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

        await context.CommitAsync([new ListRemoved(list.Address)], cancellationToken);
        return list;
    }
}
