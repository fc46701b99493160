using System.Collections.Immutable;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Hosting;

/// <summary>
/// Counts gathered in memory, so that many of a kind cost one small record now and then, and handed to the store. A crash loses those of one pause.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <typeparam name="TKey">What counts of one kind have in common.</typeparam>
/// <typeparam name="TTally">A count.</typeparam>
internal sealed class GatheredCounts<TKey, TTally>
    where TKey : notnull
{
    private const int MostKinds = 10_000;

    private readonly Lock _gate = new();
    private Dictionary<TKey, TTally> _open = [];

    /// <summary>The kind of a count.</summary>
    public required Func<TTally, TKey> KeyOf { get; init; }

    /// <summary>Two counts of one kind, as one.</summary>
    public required Func<TTally, TTally, TTally> Plus { get; init; }

    /// <summary>What the store is told.</summary>
    public required Func<ImmutableArray<TTally>, Change> Counted { get; init; }

    /// <summary>False for a count that may not be handed over any more.</summary>
    public Predicate<TTally> IsWanted { get; init; } = _ => true;

    /// <summary>Adds a count; one of a new kind is left out where there are too many kinds.</summary>
    public void Add(TTally tally)
    {
        var key = KeyOf(tally);
        lock (_gate)
        {
            if (_open.TryGetValue(key, out var before))
            {
                _open[key] = Plus(before, tally);
            }
            else if (_open.Count < MostKinds)
            {
                _open.Add(key, tally);
            }
        }
    }

    /// <summary>Hands the counts over after each pause, and at the end.</summary>
    public async Task RunAsync(ListStore store, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await FlushAsync(store).ConfigureAwait(false);
        }
    }

    /// <summary>Hands the counts over. Where the disk takes nothing they wait for the next time.</summary>
    public async Task FlushAsync(ListStore store)
    {
        Dictionary<TKey, TTally> gathered;
        lock (_gate)
        {
            (gathered, _open) = (_open, []);
        }

        ImmutableArray<TTally> tallies = [.. gathered.Values.Where(tally => IsWanted(tally))];
        try
        {
            await (tallies.IsEmpty ? Task.CompletedTask : store.CommitAsync(Counted(tallies), CancellationToken.None)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            foreach (var tally in tallies)
            {
                Add(tally);
            }
        }
    }
}
