using ListServer.Distribution;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;
using ListServer.Store;
using ListServer.Store.Archive;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Archiving;

/// <summary>
/// Brings distributed posts into their lists' archives. That a post is due stands in the commit that queued it and goes only when the archive has it:
/// a crash between the two makes the archive be asked twice, and it keeps a post once.
/// </summary>
internal sealed partial class Archivist(ListStore store, HouseKitchen kitchen, TimeProvider time, ILogger<Archivist> log)
{
    private const int BatchPosts = 100;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(1);

    // A post that came by mail is a reader's news: older than this it goes by the day it came.
    private static readonly TimeSpan OldestPost = TimeSpan.FromDays(7);

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(
        store, time, changes => changes.Any(change => change is ArchiveDue), ArchiveAllAsync, cancellationToken);

    private async Task<TimeSpan> ArchiveAllAsync(CancellationToken cancellationToken)
    {
        while (store.Unarchived(BatchPosts) is { Count: > 0 } due)
        {
            try
            {
                await ArchiveAsync(due, cancellationToken);
            }
#pragma warning disable CA1031 // The outermost loop of the archive: whatever is wrong, posts wait in the spool and are tried again (SEC-31).
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(log, due.Count, failure);
                return RetryPause;
            }
        }

        return Timeout.InfiniteTimeSpan;
    }

    private async Task ArchiveAsync(IReadOnlyList<string> due, CancellationToken cancellationToken)
    {
        foreach (var posts in due.Select(store.FindPost).OfType<Post>().GroupBy(post => post.List))
        {
            if (store.FindList(posts.Key) is { Archive: not ArchiveAccess.Off } list)
            {
                store.Archives.Of(list.Address).Add([.. posts.Select(post => Keep(list, post)).OfType<ArchivedMessage>()]);
            }
        }

        await store.CommitAsync(new PostsArchived([.. due]), cancellationToken);
    }

    private ArchivedMessage? Keep(MailingList list, Post post)
    {
        if (!store.Spool.Contains(post.Id))
        {
            // Only after damage to the data folder: there is nothing left to keep.
            LogMissing(log, post.Id);
            return null;
        }

        using var content = store.Spool.Open(post.Id);
        var octets = kitchen.Keep(list, post, RawMessage.Parse(content.Octets), keepsAttachments: true);
        return new ArchivedMessage(post.Id, ArchiveCard.DateOf(RawMessage.Parse(octets), post.ReceivedAt, OldestPost), octets, IsPost: true);
    }

    [LoggerMessage(1, LogLevel.Error, "{Count} posts could not be archived; they are tried again")]
    private static partial void LogFailed(ILogger logger, int count, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "The octets of post {PostId} are gone before it was archived")]
    private static partial void LogMissing(ILogger logger, string postId);
}
