using ListServer.Lists;

namespace ListServer.Admin.Lists;

/// <summary>A list, and what somebody is on it.</summary>
/// <param name="Summary">The list with its counts.</param>
/// <param name="Role">Owner for who runs its domain or the server, too.</param>
public sealed record OwnList(ListSummary Summary, MemberRole Role);

/// <summary>The lists that an address runs, moderates or is on, by address.</summary>
/// <param name="Address">Whose.</param>
/// <param name="Search">Only lists whose address or name holds this; empty for all.</param>
/// <param name="Limit">1 to 1,000.</param>
/// <param name="After">Only those behind this address; null for the first page.</param>
public sealed record BrowseOwnLists(string Address, string Search = "", int Limit = 200, string? After = null) : Query<IReadOnlyList<OwnList>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<OwnList>> Look(AdminContext context)
    {
        if (Limit is < 1 or > 1_000)
        {
            return RefusedUseCase.Invalid("A page has 1 to 1,000 lists.");
        }

        var user = context.Store.FindUser(Address) is { IsDisabled: false } found ? found : null;
        var held = context.Store.CountOpenPosts(PostState.Held);
        return Outcome.Done<IReadOnlyList<OwnList>>(
        [
            .. context.Store.Lists
                .Where(list => Search.Length == 0 || list.Address.Contains(Search, StringComparison.OrdinalIgnoreCase) || list.DisplayName.Contains(Search, StringComparison.OrdinalIgnoreCase))
                .Where(list => After is null || string.CompareOrdinal(list.Address, After) > 0)
                .OrderBy(list => list.Address, StringComparer.Ordinal)
                .Select(list => (List: list, Role: RoleOn(list)))
                .Where(own => own.Role is not null)
                .Take(Limit)
                .Select(own => new OwnList(
                    new ListSummary(own.List, context.Store.CountMembers(own.List.Address), held.GetValueOrDefault(own.List.Address)), own.Role!.Value)),
        ]);

        MemberRole? RoleOn(MailingList list) => user is { RunsServer: true } || user?.Domains.Contains(list.Domain) == true
            ? MemberRole.Owner
            : context.Store.FindMember(list.Address, Address)?.Role;
    }
}
