using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Admin.Members;

/// <summary>One page of a list's members, by address.</summary>
/// <param name="List">The posting address.</param>
/// <param name="After">The last address of the page before, or null for the first page.</param>
/// <param name="Limit">1 to 10,000.</param>
public sealed record BrowseMembers(string List, string? After = null, int Limit = 1_000) : Query<IReadOnlyList<Member>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Member>> Look(AdminContext context) => context.Store.FindList(List) switch
    {
        null => MissingList.Refuse(List),
        _ when Limit is < 1 or > 10_000 => RefusedUseCase.Invalid("A page has 1 to 10,000 members."),
        var list => Outcome.Done(context.Store.Members(list.Address, After, Limit)),
    };
}
