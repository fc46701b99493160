using ListServer.Lists;

namespace ListServer.Admin.Lists;

/// <summary>The lists of a domain that are named to whoever asks, by address.</summary>
/// <param name="Domain">In lower-case A-labels.</param>
public sealed record BrowseNamedLists(string Domain) : Query<IReadOnlyList<MailingList>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<MailingList>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<MailingList>>([.. context.Store.Lists.Where(list => list.IsAdvertised && list.Domain == Domain)]);
}

/// <summary>The lists that an address is on, by address.</summary>
/// <param name="Address">Whose.</param>
public sealed record BrowseListsOf(string Address) : Query<IReadOnlyList<MailingList>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<MailingList>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<MailingList>>([.. context.Store.Lists.Where(list => context.Store.FindMember(list.Address, Address) is not null)]);
}
