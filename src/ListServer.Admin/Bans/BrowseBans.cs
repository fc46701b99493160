using ListServer.Admin.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Bans;

/// <summary>Bans, by pattern: those on all lists, and those on one.</summary>
/// <param name="List">The posting address, or null for those on all lists only.</param>
public sealed record BrowseBans(string? List) : Query<IReadOnlyList<Ban>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Ban>> Look(AdminContext context)
    {
        var everywhere = context.Store.Bans("");
        if (List is null)
        {
            return Outcome.Done<IReadOnlyList<Ban>>([.. everywhere]);
        }

        return context.Store.FindList(List) is { } list
            ? Outcome.Done<IReadOnlyList<Ban>>([.. everywhere, .. context.Store.Bans(list.Address)])
            : MissingList.Refuse(List);
    }
}
