using ListServer.Lists;
using ListServer.Lists.Archiving;

namespace ListServer.Admin.Archiving;

/// <summary>A page of an archive's threads.</summary>
/// <param name="List">The list.</param>
/// <param name="Threads">Those with the latest messages first.</param>
/// <param name="Messages">How many messages the whole archive has.</param>
/// <param name="Next">For <see cref="BrowseArchive.Before"/> of the next page; null on the last.</param>
public sealed record ArchivePage(MailingList List, IReadOnlyList<ArchiveThread> Threads, int Messages, long? Next);

/// <summary>The threads of an archive.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Reader">Who reads it.</param>
/// <param name="Before">Where the page before ended; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record BrowseArchive(string List, ArchiveReader Reader, long? Before = null, int Limit = 50) : Query<ArchivePage>
{
    /// <inheritdoc/>
    protected override Outcome<ArchivePage> Look(AdminContext context)
    {
        if (OpenedArchive.Find(context, List, Reader, out var refused) is not { } archive)
        {
            return refused;
        }

        var limit = Math.Clamp(Limit, 1, 1_000);
        var threads = archive.Threads(Before, limit + 1);
        var isMore = threads.Count > limit;
        return new ArchivePage(context.Store.FindList(List)!, isMore ? [.. threads.Take(limit)] : threads, archive.Count(), isMore ? threads[limit - 1].Last.Position : null);
    }
}
