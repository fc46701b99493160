using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Hosting;
using ListServer.Returns;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Distribution;

/// <summary>
/// Settles what is left of announcements that were stopped: by themselves, because too many refused them; while copies were on their way; or
/// just before a crash. Nothing of them leaves meanwhile. The owners are told of what stopped by itself.
/// </summary>
internal sealed partial class StoppedAnnouncements(
    ListStore store, IAdminDesk desk, OwnerNews news, TimeProvider time, ILogger<StoppedAnnouncements> log)
{
    /// <summary>Copies on their way come back without a word to us when nothing was tried.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private bool IsAnyStopped => store.Queue.StoppedPosts().Count > 0;

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(store, time, _ => IsAnyStopped, SettleAsync, cancellationToken);

    private async Task<TimeSpan> SettleAsync(CancellationToken cancellationToken)
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

        return IsAnyStopped ? Patience : Timeout.InfiniteTimeSpan;
    }

    [LoggerMessage(1, LogLevel.Warning, "The announcement {PostId} to {List} is stopped; {Recipients} recipients get no copy: {Reason}")]
    private static partial void LogStopped(ILogger logger, string postId, string list, int recipients, string reason);

    [LoggerMessage(2, LogLevel.Error, "What is left of the stopped announcement {PostId} could not be written down; it is tried again")]
    private static partial void LogUnsettled(ILogger logger, string postId, Exception failure);
}
