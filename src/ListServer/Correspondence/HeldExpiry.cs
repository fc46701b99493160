using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Lists;
using ListServer.Store;

namespace ListServer.Correspondence;

/// <summary>Discards held posts on which nobody decided for as long as their list waits.</summary>
/// <param name="store">Knows what is held.</param>
/// <param name="desk">Discards it.</param>
/// <param name="time">The clock.</param>
internal sealed class HeldExpiry(ListStore store, IAdminDesk desk, TimeProvider time)
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
                await desk.RunAsync(new DecideHeld(post.Id, HeldDecision.Discard, $"Nobody decided within {list.MaxHeldDays} days"), cancellationToken);
            }
        }
    }
}
