using System.Buffers.Binary;
using System.Globalization;
using LiteDB;
using LiteDB.Engine;

namespace ListServer.Store.Tables;

/// <summary>
/// The entries that have reached LiteDB. Its log is no promise to us (acknowledged commits were lost in kill tests): the journal is.
/// So the log stays in memory, where a full disk can't hurt it: after a write that failed, LiteDB's finalizers end the process.
/// The data file changes in checkpoints only, between which it can be copied.
/// </summary>
/// <remarks>
/// Safe for concurrent use, one thread at a time: readers, too, meet pages of the wrong kind where another thread makes LiteDB's cache use a
/// page anew (its issue 2817). Each value carries a checksum, as LiteDB's pages have none.
/// </remarks>
internal sealed class LiteTable : IDisposable
{
    private const int TransactionSize = 250;
    private const int MostFound = 5000;
    private const int LongestFound = 1024;
    private const int MaxLogOctets = 8 << 20;
    private static readonly BsonValue SequenceId = "sequence";

    private readonly string _path;
    private readonly Action<string, byte[]> _setAside;
    private readonly Lock _gate = new();
    private readonly MemoryStream _log = new();

    /// <summary>What was looked up since it was last written, nothing included: each post asks for its author's membership and for rules that are not there.</summary>
    private readonly Dictionary<string, Entry?> _found = new(StringComparer.Ordinal);
    private readonly LiteDatabase _database;
    private readonly ILiteCollection<BsonDocument> _entries;

    private LiteTable(string path, Action<string, byte[]> setAside)
    {
        _path = path;
        _setAside = setAside;
        using (new FileStream(path, StoreFolders.Options(System.IO.FileMode.OpenOrCreate, FileAccess.ReadWrite)))
        {
            // Made here when missing, so that only its owner may read it.
        }

        var engine = new LiteEngine(new EngineSettings
        {
            Filename = path,
            LogStream = _log,
            Collation = new Collation(CultureInfo.InvariantCulture.LCID, CompareOptions.Ordinal),
        });
        _database = new LiteDatabase(engine, disposeOnClose: true) { CheckpointSize = 0 };
        _entries = _database.GetCollection<BsonDocument>("entries", BsonAutoId.ObjectId);
        Sequence = ReadSequence();
    }

    /// <summary>The journal record up to which everything has been applied; 0 for a new table.</summary>
    public long Sequence { get; private set; }

    public long DataOctets => new FileInfo(_path).Length;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="setAside">Told of an entry whose checksum is wrong: such an entry is not found.</param>
    /// <exception cref="StoreDamagedException">LiteDB can't read the file.</exception>
    public static LiteTable Open(string path, Action<string, byte[]> setAside) => Guard(path, () => new LiteTable(path, setAside));

    /// <summary>What stands under a key; null for nothing, and for what is damaged.</summary>
    public Entry? Find(string key)
    {
        lock (_gate)
        {
            if (_found.TryGetValue(key, out var known))
            {
                return known;
            }

            var document = Guard(_path, () => _entries.FindById(key));
            var entry = document is null ? null : Read(document);
            if (document is null || entry is { Value.Length: <= LongestFound })
            {
                Remember(key, entry);
            }

            return entry is { IsGone: false } ? entry : null;
        }
    }

    /// <summary>At least so many entries of the range in order, if there are; read in full before it returns. A damaged one has no value.</summary>
    public List<Entry> Scan(KeyRange range, bool descending, int limit)
    {
        var documents = Exclusively(() => Query(range, descending, limit + 1));
        return documents.Where(d => d["_id"].AsString != range.To).Select(Read).ToList();
    }

    /// <summary>Writes entries and, with the last of them, the sequence of the record that brought them up to date.</summary>
    /// <exception cref="IOException">The disk refused; the same entries can be applied again.</exception>
    public void Apply(IEnumerable<Entry> entries, long sequence)
    {
        foreach (var part in entries.Chunk(TransactionSize))
        {
            InTransaction(part, sequence: null);
            if (_log.Length > MaxLogOctets)
            {
                Checkpoint();
            }
        }

        InTransaction([], sequence);
        Sequence = sequence;
    }

    /// <summary>Removes keys that have outlived their use.</summary>
    public void Remove(IEnumerable<string> keys)
    {
        foreach (var part in keys.Chunk(TransactionSize))
        {
            InTransaction(Array.ConvertAll(part, key => new Entry(key, null)), sequence: null);
        }
    }

    /// <summary>Brings the log into the data file.</summary>
    public void Checkpoint() => Exclusively(() =>
    {
        _database.Checkpoint();
        _log.Capacity = (int)_log.Length;
        return true;
    });

    public void Dispose()
    {
        _database.Dispose();
        _log.Dispose();
    }

    private void Remember(string key, Entry? entry)
    {
        if (_found.Count == MostFound)
        {
            _found.Clear();
        }

        _found.Add(key, entry);
    }

    private List<BsonDocument> Query(KeyRange range, bool descending, int limit)
    {
        var query = _entries.Query().Where("_id BETWEEN @0 AND @1", range.From, range.To);
        return (descending ? query.OrderByDescending("_id") : query.OrderBy("_id")).Limit(limit).ToList();
    }

    private void InTransaction(Entry[] entries, long? sequence) => Exclusively(() => Write(entries, sequence));

    private T Exclusively<T>(Func<T> work)
    {
        lock (_gate)
        {
            return Guard(_path, work);
        }
    }

    private bool Write(Entry[] entries, long? sequence)
    {
        foreach (var entry in entries)
        {
            _found.Remove(entry.Key);
        }

        _database.BeginTrans();
        foreach (var removed in entries.Where(e => e.IsGone))
        {
            _entries.Delete(removed.Key);
        }

        _entries.Upsert(entries.Where(e => !e.IsGone).Select(ToDocument));
        if (sequence is { } last)
        {
            _database.GetCollection("state").Upsert(new BsonDocument { ["_id"] = SequenceId, ["last"] = last });
        }

        return _database.Commit();
    }

    private long ReadSequence() => _database.GetCollection("state").FindById(SequenceId) is { } state ? state["last"].AsInt64 : 0;

    private static BsonDocument ToDocument(Entry entry)
    {
        var octets = new byte[sizeof(uint) + entry.Value!.Length];
        entry.Value.CopyTo(octets, sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(octets, Crc32C.Of(entry.Value));
        return new BsonDocument { ["_id"] = entry.Key, ["v"] = octets };
    }

    private Entry Read(BsonDocument document)
    {
        var key = document["_id"].AsString;
        var octets = document["v"].IsBinary ? document["v"].AsBinary : [];
        if (octets.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(octets) == Crc32C.Of(octets.AsSpan(sizeof(uint))))
        {
            return new Entry(key, octets[sizeof(uint)..]);
        }

        _setAside(key, octets);
        return new Entry(key, null);
    }

    /// <summary>A damaged page shows itself in LiteDB as almost any exception; a full disk as an IOException.</summary>
    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is not (IOException or ObjectDisposedException))
        {
            throw new StoreDamagedException($"{path} can't be read: {failure.Message}", failure);
        }
    }
}
