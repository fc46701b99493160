using ListServer.Lists;

namespace ListServer.Admin.Members;

/// <summary>A subscription, as its member sees it.</summary>
/// <param name="List">The list's posting address.</param>
/// <param name="ListName">As people call it.</param>
/// <param name="Description">What it is for; may be empty.</param>
/// <param name="Member">How the member receives it.</param>
public sealed record Subscription(string List, string ListName, string Description, Member Member);

/// <summary>The lists that an address is on, by their addresses.</summary>
/// <param name="Address">Whose.</param>
public sealed record BrowseSubscriptions(string Address) : Query<IReadOnlyList<Subscription>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Subscription>> Look(AdminContext context) => Outcome.Done<IReadOnlyList<Subscription>>(
    [
        .. context.Store.Lists.OrderBy(list => list.Address, StringComparer.Ordinal)
            .Select(list => (List: list, Member: context.Store.FindMember(list.Address, Address.Trim())))
            .Where(found => found.Member is not null)
            .Select(found => new Subscription(found.List.Address, found.List.DisplayName, found.List.Description, found.Member!)),
    ]);
}
