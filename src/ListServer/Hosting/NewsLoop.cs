using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Hosting;

/// <summary>A loop over what is due in the store: it goes around at its start, after commits that concern it, and when it said so itself.</summary>
internal static class NewsLoop
{
    /// <summary>Runs until it is cancelled, or with the exception that <paramref name="goAsync"/> lets out.</summary>
    /// <param name="store">Whose commits are heard.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="concerns">True for a commit that may have made something due.</param>
    /// <param name="goAsync">Does all that is due, and answers how long it may wait without news; a day or more, or infinite, for as long as there are none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        ListStore store, TimeProvider time, Predicate<IReadOnlyList<Change>> concerns, Func<CancellationToken, Task<TimeSpan>> goAsync, CancellationToken cancellationToken)
    {
        var wake = new WakeUp(time);
        store.Committed += Notice;
        try
        {
            while (true)
            {
                await wake.WaitAsync(await goAsync(cancellationToken), cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            store.Committed -= Notice;
        }

        void Notice(IReadOnlyList<Change> changes)
        {
            if (concerns(changes))
            {
                wake.Call();
            }
        }
    }
}
