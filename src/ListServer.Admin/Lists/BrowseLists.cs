using ListServer.Lists;
using ListServer.Store;

namespace ListServer.Admin.Lists;

/// <summary>A list with the number of its members.</summary>
/// <param name="List">The list.</param>
/// <param name="Members">All subscriptions, those without delivery included.</param>
/// <param name="Held">Posts that wait for a moderator.</param>
public sealed record ListSummary(MailingList List, int Members, int Held);

/// <summary>All lists, by address, or the one asked for.</summary>
/// <param name="Address">Null for all.</param>
public sealed record BrowseLists(string? Address = null) : Query<IReadOnlyList<ListSummary>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<ListSummary>> Look(AdminContext context)
    {
        var store = context.Store;
        if (Address is null)
        {
            var held = store.CountOpenPosts(PostState.Held);
            return Outcome.Done<IReadOnlyList<ListSummary>>(
                [.. store.Lists.OrderBy(list => list.Address, StringComparer.Ordinal).Select(list => Summarize(store, list, held.GetValueOrDefault(list.Address)))]);
        }

        return store.FindList(Address) is { } one
            ? Outcome.Done<IReadOnlyList<ListSummary>>([Summarize(store, one, store.CountOpenPosts(one.Address, PostState.Held))])
            : MissingList.Refuse(Address);
    }

    private static ListSummary Summarize(ListStore store, MailingList list, int held) => new(list, store.CountMembers(list.Address), held);
}
