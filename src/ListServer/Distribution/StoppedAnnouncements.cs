using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Returns;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Distribution;

/// <summary>
/// Settles what is left of announcements that were stopped: by themselves, because too many refused them; while copies were on their way; or
/// just before a crash. Nothing of them leaves meanwhile. The owners are told of what stopped by itself.
/// </summary>
internal sealed partial class StoppedAnnouncements(
    ListStore store, IAdminDesk desk, OwnerNews news, TimeProvider time, ILogger<StoppedAnnouncements> log) : IDisposable
{
    /// <summary>Copies on their way come back without a word to us when nothing was tried.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _work = new(0);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        store.Committed += Notice;
        try
        {
            while (true)
            {
                await SettleAsync(cancellationToken);
                await WaitAsync(cancellationToken);
            }
        }
        finally
        {
            store.Committed -= Notice;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _work.Dispose();

    private void Notice(IReadOnlyList<Change> changes)
    {
        if (store.Queue.StoppedPosts().Count > 0)
        {
            _work.Release();
        }
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var id in store.Queue.StoppedPosts())
        {
            try
            {
                if (await desk.RunAsync(new SettleStopped(id), cancellationToken) is Outcome<AnnouncementProgress>.Done(var progress) && progress.Waiting == 0)
                {
                    LogStopped(log, id, progress.List, progress.Stopped, progress.Reason);
                    if (store.FindAnnouncement(id) is { IsStoppedByItself: true } && store.FindPost(id) is { } post)
                    {
                        await news.TellStoppedAsync(post, progress.Reason, cancellationToken);
                    }
                }
            }
            catch (IOException failure)
            {
                LogUnsettled(log, id, failure);
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(store.Queue.StoppedPosts().Count > 0 ? Patience : Timeout.InfiniteTimeSpan, time, stop.Token);
        await Task.WhenAny(_work.WaitAsync(stop.Token), pause);
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        while (await _work.WaitAsync(0, cancellationToken))
        {
            // One look finds all, however many notices came.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The announcement {PostId} to {List} is stopped; {Recipients} recipients get no copy: {Reason}")]
    private static partial void LogStopped(ILogger logger, string postId, string list, int recipients, string reason);

    [LoggerMessage(2, LogLevel.Error, "What is left of the stopped announcement {PostId} could not be written down; it is tried again")]
    private static partial void LogUnsettled(ILogger logger, string postId, Exception failure);
}
