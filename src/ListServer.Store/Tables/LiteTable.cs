using System.Buffers.Binary;
using System.Globalization;
using LiteDB;

namespace ListServer.Store.Tables;

/// <summary>
/// The entries that have reached LiteDB. Its data file changes in <see cref="Checkpoint"/> only, so that it can be copied
/// while it is read; its log is no promise to us (acknowledged commits were lost in kill tests): the journal is.
/// </summary>
/// <remarks>One thread writes, any number reads. Each value carries a checksum, as LiteDB's pages have none.</remarks>
internal sealed class LiteTable : IDisposable
{
    private const int TransactionSize = 500;
    private static readonly BsonValue SequenceId = "sequence";

    private readonly string _path;
    private readonly Action<string, byte[]> _setAside;
    private readonly ReaderWriterLockSlim _gate = new();
    private LiteDatabase _database;
    private ILiteCollection<BsonDocument> _entries;

    private LiteTable(string path, Action<string, byte[]> setAside)
    {
        _path = path;
        _setAside = setAside;
        (_database, _entries) = OpenFile(path);
        Sequence = ReadSequence();
    }

    /// <summary>The journal record up to which everything has been applied; 0 for a new table.</summary>
    public long Sequence { get; private set; }

    /// <summary>Octets that the next checkpoint brings from LiteDB's log into its data file.</summary>
    public long LogOctets => LengthOf(LogPathOf(_path));

    public long DataOctets => LengthOf(_path);

    /// <summary>The log of a data file.</summary>
    public static string LogPathOf(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + "-log" + Path.GetExtension(path));

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="setAside">Told of an entry whose checksum is wrong: such an entry is not found.</param>
    /// <exception cref="StoreDamagedException">LiteDB can't read the file.</exception>
    public static LiteTable Open(string path, Action<string, byte[]> setAside) => Guard(path, () => new LiteTable(path, setAside));

    public byte[]? Find(string key)
    {
        _gate.EnterReadLock();
        try
        {
            return Guard(_path, () => _entries.FindById(key)) is { } document ? Read(document).Value : null;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>At least so many entries of the range in order, if there are; read in full before it returns. A damaged one has no value.</summary>
    public List<Entry> Scan(KeyRange range, bool descending, int limit)
    {
        _gate.EnterReadLock();
        try
        {
            var documents = Guard(_path, () => Query(range, descending, limit + 1));
            return documents.Where(d => d["_id"].AsString != range.To).Select(Read).ToList();
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Writes entries and, with the last of them, the sequence of the record that brought them up to date.</summary>
    /// <exception cref="IOException">The disk refused; see <see cref="Reopen"/>.</exception>
    public void Apply(IEnumerable<Entry> entries, long sequence)
    {
        foreach (var part in entries.Chunk(TransactionSize))
        {
            InTransaction(part, sequence: null);
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
    public void Checkpoint()
    {
        _gate.EnterWriteLock();
        try
        {
            Guard(_path, () =>
            {
                _database.Checkpoint();
                return true;
            });
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Begins anew after a failure: LiteDB shuts itself when a write fails.</summary>
    public void Reopen()
    {
        _gate.EnterWriteLock();
        try
        {
            _database.Dispose();
            (_database, _entries) = Guard(_path, () => OpenFile(_path));
            if (ReadSequence() < Sequence)
            {
                throw new StoreDamagedException($"{_path} has lost entries that it had taken.");
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        _gate.Dispose();
    }

    private static (LiteDatabase Database, ILiteCollection<BsonDocument> Entries) OpenFile(string path)
    {
        foreach (var file in (string[])[path, LogPathOf(path)])
        {
            using var made = new FileStream(file, StoreFolders.Options(System.IO.FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }

        var database = new LiteDatabase(new ConnectionString
        {
            Filename = path,
            Connection = ConnectionType.Direct,
            Collation = new Collation(CultureInfo.InvariantCulture.LCID, CompareOptions.Ordinal),
        })
        { CheckpointSize = 0 };
        return (database, database.GetCollection<BsonDocument>("entries", BsonAutoId.ObjectId));
    }

    private List<BsonDocument> Query(KeyRange range, bool descending, int limit)
    {
        var query = _entries.Query().Where("_id BETWEEN @0 AND @1", range.From, range.To);
        return (descending ? query.OrderByDescending("_id") : query.OrderBy("_id")).Limit(limit).ToList();
    }

    private void InTransaction(Entry[] entries, long? sequence)
    {
        _gate.EnterReadLock();
        try
        {
            Guard(_path, () => Write(entries, sequence));
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private bool Write(Entry[] entries, long? sequence)
    {
        _database.BeginTrans();
        foreach (var removed in entries.Where(e => e.Value is null))
        {
            _entries.Delete(removed.Key);
        }

        _entries.Upsert(entries.Where(e => e.Value is not null).Select(ToDocument));
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

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

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
