using System.Collections.Immutable;

namespace ListServer.Store.Tables;

/// <summary>What a commit would make of the table, before the journal has it. Nobody else sees a draft.</summary>
internal sealed class Draft
{
    private readonly MergedTable _table;
    private readonly Draft? _below;
    private readonly ImmutableSortedSet<Entry>.Builder _entries = Layer.Empty.ToBuilder();
    private int _traces;

    private Draft(MergedTable table, Draft? below, long sequence)
    {
        _table = table;
        _below = below;
        Sequence = sequence;
    }

    /// <summary>The journal record that the commit will be.</summary>
    public long Sequence { get; }

    public IReadOnlyCollection<Entry> Entries => _entries;

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

    /// <summary>Puts a record of the queue: it changes often and is soon gone (see <see cref="Entry.Of"/>).</summary>
    public void PutPassing<T>(string key, T value)
        where T : class => _entries.Put(Entry.Of(key, value));

    /// <summary>Puts an entry under a key that never stood in the table before.</summary>
    public void PutNew(Entry entry)
    {
        entry.IsNew = true;
        _entries.Put(entry);
    }

    public void Remove(string key) => _entries.Put(new Entry(key, null));

    /// <summary>A key of its own for each trace of the commit.</summary>
    public string NextTraceKey(string post) => TableKey.Trace(post, Sequence, _traces++);
}
