using System.Collections.Immutable;
using ListServer.Lists;

namespace ListServer.Store.Tables;

/// <summary>What a commit would make of the table, before the journal has it. Nobody else sees a draft.</summary>
internal sealed class Draft
{
    /// <summary>An entry of more lines is left as it is: to add to it would write all of them again.</summary>
    private const int LinesOfTrace = 50;

    private readonly MergedTable _table;
    private readonly Draft? _below;
    private readonly ImmutableSortedSet<Entry>.Builder _entries = Layer.Empty.ToBuilder();
    private int _traces;
    private int _events;

    private Draft(MergedTable table, Draft? below, long sequence)
    {
        _table = table;
        _below = below;
        Sequence = sequence;
    }

    /// <summary>The journal record that the commit will be.</summary>
    public long Sequence { get; }

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>Counts what the commit tells webhooks, from 0.</summary>
    public int CountEvent() => _events++;

    /// <summary>A draft of a whole batch, with nothing in it.</summary>
    public static Draft Of(MergedTable table) => new(table, below: null, table.Sequence);

    /// <summary>A draft of one commit, above this one.</summary>
    public Draft Begin(long sequence) => new(_table, this, sequence);

    /// <summary>Takes over all of a commit.</summary>
    public void Absorb(Draft commit)
    {
        foreach (var entry in commit._entries)
        {
            _entries.Put(entry);
        }
    }

    /// <summary>What stands under a key; null for nothing.</summary>
    public Entry? Find(string key)
    {
        if (_entries.TryGetValue(new Entry(key, null), out var entry))
        {
            return entry.IsGone ? null : entry;
        }

        return _below is null ? _table.Find(key) : _below.Find(key);
    }

    public T? Find<T>(string key)
        where T : class => Find(key)?.Read<T>();

    /// <summary>At most so many keys that begin so.</summary>
    public List<string> Keys(string prefix, int limit)
    {
        var below = _below is null ? Layer.Empty : _below._entries.ToImmutable();
        return _table.Scan(KeyRange.Of(prefix), limit, descending: false, _entries.ToImmutable(), below).ConvertAll(e => e.Key);
    }

    public void Put<T>(string key, T value) => _entries.Put(new Entry(key, StoreJson.Write(value)));

    /// <summary>Puts a record that changes often, is soon gone, or soon read (see <see cref="Entry.Of"/>).</summary>
    public void PutPassing<T>(string key, T value)
        where T : class => _entries.Put(Entry.Of(key, value));

    /// <summary>Puts an entry under a key that never stood in the table before.</summary>
    public void PutNew(Entry entry)
    {
        entry.IsNew = true;
        _entries.Put(entry);
    }

    public void Remove(string key) => _entries.Put(new Entry(key, null));

    /// <summary>
    /// Adds lines to a post's history: to its last entry where that is on its way to LiteDB still, so that a post that is delivered soon is
    /// one entry there and not one for each of its deliveries. What is read, all entries in order, is the same either way.
    /// </summary>
    public void AddTrace(string post, ImmutableArray<TraceEvent> events)
    {
        if (FindLast(TableKey.Traces(post)) is { } last && last.Read<TraceEvent[]>() is var lines && lines.Length < LinesOfTrace)
        {
            PutPassing<TraceEvent[]>(last.Key, [.. lines, .. events]);
        }
        else
        {
            PutNew(Entry.Of<TraceEvent[]>(TableKey.Trace(post, Sequence, _traces++), [.. events]));
        }
    }

    private Entry? FindLast(string prefix) => _entries.ToImmutable().Last(prefix) ?? (_below is null ? _table.FindLastPending(prefix) : _below.FindLast(prefix));
}
