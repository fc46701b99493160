using ListServer.Lists;
using ListServer.Lists.Archiving;

namespace ListServer.Admin.Archiving;

/// <summary>Messages that were found.</summary>
/// <param name="List">The list.</param>
/// <param name="Found">Newest first.</param>
/// <param name="Next">For <see cref="SearchArchive.Before"/> of the next page; null on the last.</param>
public sealed record ArchiveFinds(MailingList List, IReadOnlyList<ArchiveEntry> Found, long? Next);

/// <summary>Looks for messages in an archive, or names the latest.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Query">See <see cref="SearchQuery"/>; empty for all.</param>
/// <param name="Reader">Who reads it.</param>
/// <param name="Before">Where the page before ended; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record SearchArchive(string List, string Query, ArchiveReader Reader, long? Before = null, int Limit = 20) : Query<ArchiveFinds>
{
    /// <inheritdoc/>
    protected override Outcome<ArchiveFinds> Look(AdminContext context)
    {
        if (OpenedArchive.Find(context, List, Reader, out var refused) is not { } archive)
        {
            return refused;
        }

        var query = SearchQuery.Parse(Query);
        if (query.Problem is not null)
        {
            return RefusedUseCase.Invalid(query.Problem);
        }

        if (query.IsEmpty && Query.Trim().Length > 0)
        {
            return RefusedUseCase.Invalid("There is no word in it to look for.");
        }

        var limit = Math.Clamp(Limit, 1, 1_000);
        var found = archive.Search(query, Before, limit + 1);
        var isMore = found.Count > limit;
        return new ArchiveFinds(context.Store.FindList(List)!, isMore ? [.. found.Take(limit)] : found, isMore ? found[limit - 1].Position : null);
    }
}
