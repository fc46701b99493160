using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Admin.Posts;

/// <summary>The latest posts, newest first.</summary>
/// <param name="List">The posting address; null for all lists.</param>
/// <param name="State">Only posts that stand there; null for all.</param>
/// <param name="Before">Only posts older than this ID; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record BrowsePosts(string? List, PostState? State, string? Before = null, int Limit = 100) : Query<IReadOnlyList<Post>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Post>> Look(AdminContext context)
    {
        if (List is not null && context.Store.FindList(List) is null)
        {
            return MissingList.Refuse(List);
        }

        return Limit is >= 1 and <= 1_000
            ? Outcome.Done(context.Store.Posts(List?.ToLowerInvariant(), State, Before, Limit))
            : RefusedUseCase.Invalid("A page has 1 to 1,000 posts.");
    }
}
