using ListServer.Admin.Lists;
using ListServer.Lists.Moderation;

namespace ListServer.Admin.Authors;

/// <summary>What was decided about authors on a list, by address.</summary>
/// <param name="List">The posting address.</param>
public sealed record BrowseAuthors(string List) : Query<IReadOnlyList<AuthorRule>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<AuthorRule>> Look(AdminContext context) => context.Store.FindList(List) is { } list
        ? Outcome.Done(context.Store.AuthorRules(list.Address))
        : MissingList.Refuse(List);
}
