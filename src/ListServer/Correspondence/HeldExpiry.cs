using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Lists;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Correspondence;

/// <summary>Discards held posts on which nobody decided for as long as their list waits.</summary>
/// <param name="store">Knows what is held.</param>
/// <param name="desk">Discards it.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of posts that have to wait for the next round.</param>
internal sealed partial class HeldExpiry(ListStore store, IAdminDesk desk, TimeProvider time, ILogger<HeldExpiry> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await GoAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Looks at all held posts once.</summary>
    public async Task GoAsync(CancellationToken cancellationToken)
    {
        foreach (var held in store.HeldPosts().ToList())
        {
            if (store.FindList(held.List) is { MaxHeldDays: > 0 } list && store.FindPost(held.Id) is { State: PostState.Held } post
                && post.ReceivedAt.AddDays(list.MaxHeldDays) <= time.GetUtcNow())
            {
                await DiscardAsync(post, list.MaxHeldDays, cancellationToken);
            }
        }
    }

    private async Task DiscardAsync(Post post, int days, CancellationToken cancellationToken)
    {
        try
        {
            await desk.RunAsync(new DecideHeld(post.Id, HeldDecision.Discard, $"Nobody decided within {days} days"), cancellationToken);
        }
        catch (IOException problem)
        {
            LogKept(log, post.Id, post.List, problem.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The post {PostId} to {List}, held for too long, waits for the next round: {Problem}")]
    private static partial void LogKept(ILogger logger, string postId, string list, string problem);
}
