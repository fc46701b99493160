using System.Collections.Immutable;

namespace ListServer.Store.Tables;

/// <summary>
/// All entries as of the last commit: what LiteDB holds, under the layers that have not reached it yet. A commit is seen here as soon
/// as the journal has it; LiteDB follows in batches, and what lives shortly never gets there.
/// </summary>
/// <remarks>Safe for concurrent use. The commit thread adds, the applying thread takes away.</remarks>
internal sealed class MergedTable(LiteTable lite)
{
    private const int PageSize = 256;
    private const int MostWebhooks = int.MaxValue - 1;

    private readonly Lock _gate = new();
    private volatile Pending _pending = new(Layer.Empty, Layer.Empty, lite.Sequence);
    private volatile ImmutableSortedDictionary<string, Entry> _webhooks =
        lite.Scan(KeyRange.Of(TableKey.AllWebhooks), descending: false, MostWebhooks).ToImmutableSortedDictionary(entry => entry.Key, entry => entry, StringComparer.Ordinal);

    /// <summary>Entries that LiteDB does not have yet.</summary>
    public int PendingCount => _pending.Active.Count + _pending.Frozen.Count;

    /// <summary>The last journal record whose entries are seen.</summary>
    public long Sequence => _pending.Sequence;

    /// <summary>Who is told of what happens. In memory, as each post and each member asks for them.</summary>
    public IEnumerable<Entry> Webhooks => _webhooks.Values;

    /// <summary>What stands under a key; null for nothing.</summary>
    public Entry? Find(string key)
    {
        if (key.StartsWith(TableKey.AllWebhooks, StringComparison.Ordinal))
        {
            return _webhooks.GetValueOrDefault(key);
        }

        var pending = _pending;
        return !pending.Active.TryFind(key, out var entry) && !pending.Frozen.TryFind(key, out entry) ? lite.Find(key)
            : entry.IsGone ? null
            : entry;
    }

    /// <summary>The last entry whose key begins so among those that are still to be handed to LiteDB, or null.</summary>
    public Entry? FindLastPending(string prefix) => _pending.Active.Last(prefix);

    /// <summary>At most <paramref name="limit"/> entries of the range, in order, as they stood when it was called or later.</summary>
    /// <param name="range">The keys.</param>
    /// <param name="limit">How many.</param>
    /// <param name="descending">From the end.</param>
    /// <param name="drafts">Layers above all others, the newest first.</param>
    public List<Entry> Scan(KeyRange range, int limit, bool descending = false, params ReadOnlySpan<ImmutableSortedSet<Entry>> drafts)
    {
        var pending = _pending;
        ImmutableSortedSet<Entry>[] layers = [.. drafts, pending.Active, pending.Frozen];
        var found = new List<Entry>();
        var exhausted = false;
        while (found.Count < limit && !exhausted)
        {
            var size = Math.Min(limit - found.Count, PageSize) + 1;
            List<Entry>[] sources = [.. layers.Select(layer => layer.In(range, descending).Take(size).ToList()), lite.Scan(range, descending, size)];
            var horizon = Horizon(sources, size, descending);
            found.AddRange(Merge(sources, horizon, descending).Where(e => !e.IsGone).Take(limit - found.Count));
            exhausted = horizon is null;
            range = horizon is null ? range : range.Behind(horizon, descending);
        }

        return found;
    }

    /// <summary>Every entry of the range, page by page.</summary>
    public IEnumerable<Entry> Walk(KeyRange range, bool descending = false)
    {
        for (var page = Scan(range, PageSize, descending); page.Count > 0; page = page.Count < PageSize ? [] : Scan(range, PageSize, descending))
        {
            foreach (var entry in page)
            {
                yield return entry;
            }

            range = range.Behind(page[^1].Key, descending);
        }
    }

    /// <summary>Makes entries seen. What is gone before LiteDB ever saw it leaves no trace.</summary>
    public void Add(IReadOnlyCollection<Entry> entries, long sequence)
    {
        lock (_gate)
        {
            var active = _pending.Active.ToBuilder();
            foreach (var entry in entries)
            {
                if (entry.Key.StartsWith(TableKey.AllWebhooks, StringComparison.Ordinal))
                {
                    _webhooks = entry.IsGone ? _webhooks.Remove(entry.Key) : _webhooks.SetItem(entry.Key, entry);
                }

                if (active.TryGetValue(entry, out var before) && before.IsNew)
                {
                    active.Remove(before);
                    entry.IsNew = !entry.IsGone;
                    if (entry.IsGone)
                    {
                        continue;
                    }
                }

                active.Put(entry);
            }

            _pending = _pending with { Active = active.ToImmutable(), Sequence = sequence };
        }
    }

    /// <summary>Takes what waits for LiteDB, together with the record that it leads up to. The same again until <see cref="Thaw"/>.</summary>
    public (ImmutableSortedSet<Entry> Entries, long Sequence) Freeze()
    {
        lock (_gate)
        {
            if (_pending.Frozen.IsEmpty)
            {
                _pending = new Pending(Layer.Empty, _pending.Active, _pending.Sequence);
            }

            return (_pending.Frozen, _pending.FrozenSequence);
        }
    }

    /// <summary>LiteDB has what was frozen.</summary>
    public void Thaw()
    {
        lock (_gate)
        {
            _pending = _pending with { Frozen = Layer.Empty };
        }
    }

    /// <summary>The last key up to which every source has shown all it has, or null when all are read to the end.</summary>
    private static string? Horizon(List<Entry>[] sources, int size, bool descending)
    {
        string? horizon = null;
        foreach (var source in sources.Where(s => s.Count >= size))
        {
            var last = source[^1].Key;
            horizon = horizon is null || string.CompareOrdinal(last, horizon) < 0 != descending ? last : horizon;
        }

        return horizon;
    }

    private static SortedDictionary<string, Entry>.ValueCollection Merge(List<Entry>[] sources, string? horizon, bool descending)
    {
        var sign = descending ? -1 : 1;
        var merged = new SortedDictionary<string, Entry>(Comparer<string>.Create((a, b) => sign * string.CompareOrdinal(a, b)));
        foreach (var source in sources.Reverse())
        {
            foreach (var entry in source.TakeWhile(e => horizon is null || sign * string.CompareOrdinal(e.Key, horizon) <= 0))
            {
                merged[entry.Key] = entry;
            }
        }

        return merged.Values;
    }

    private sealed record Pending(ImmutableSortedSet<Entry> Active, ImmutableSortedSet<Entry> Frozen, long Sequence)
    {
        public long FrozenSequence { get; init; } = Sequence;
    }
}
