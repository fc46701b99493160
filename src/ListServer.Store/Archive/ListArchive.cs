using ListServer.Lists.Archiving;
using ListServer.MailAuth;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Archive;

/// <summary>
/// The messages that a list keeps: the octets in <see cref="SegmentFiles"/>, which are the truth, and an index of them that can be made again.
/// </summary>
/// <remarks>Safe for concurrent use: one writes at a time, readers don't wait.</remarks>
public sealed partial class ListArchive
{
    private const int BatchMessages = 1_000;
    private const int BatchOctets = 16 << 20;

    private readonly Lock _writing = new();
    private readonly string _list;
    private readonly SegmentFiles _segments;
    private readonly IndexFile _index;
    private readonly ILogger _logger;
    private bool _isReady;

    internal ListArchive(string list, string folder, IDisk disk, ILogger logger)
    {
        _list = list;
        _logger = logger;
        _segments = new SegmentFiles(folder, disk);
        _index = new IndexFile(Path.Combine(folder, "index.db"));
    }

    /// <summary>Keeps messages; once it returns they are safe, and found. What is here already is left out.</summary>
    /// <returns>How many were new.</returns>
    /// <exception cref="IOException">The disk is full or broken: none counts as kept.</exception>
    public int Add(IReadOnlyList<ArchivedMessage> messages)
    {
        lock (_writing)
        {
            using var connection = Ready();
            var fresh = Fresh(connection, messages);
            if (fresh.Count > 0)
            {
                var places = _segments.Append(fresh);
                using var writer = new IndexWriter(connection);
                foreach (var (at, (record, octets)) in Enumerable.Range(0, fresh.Count).Zip(fresh).OrderBy(pair => pair.Second.Record.At))
                {
                    writer.Add(record, places[at], octets);
                }

                writer.Commit(_segments.End());
            }

            return fresh.Count;
        }
    }

    /// <summary>Takes messages out: their octets are overwritten, and an import does not bring them back.</summary>
    /// <exception cref="IOException">The disk is full or broken; asked again it goes on where it was.</exception>
    public void TakeDown(IEnumerable<ArchiveEntry> entries)
    {
        lock (_writing)
        {
            using var connection = Ready();
            foreach (var entry in entries)
            {
                if (IndexQueries.Place(connection, entry.Position) is { } at)
                {
                    _segments.Blank(at.Place, at.Length);
                    using var writer = new IndexWriter(connection);
                    writer.Remove(entry.Position, entry.Hash);
                    writer.Commit(IndexQueries.Progress(connection));
                }
            }
        }
    }

    /// <summary>Makes the index anew from the messages.</summary>
    /// <returns>How many messages stand in it.</returns>
    public int Rebuild()
    {
        lock (_writing)
        {
            _isReady = false;
            _index.Remove();
            using var connection = Ready();
            return IndexQueries.Count(connection);
        }
    }

    /// <summary>Threads, those with the latest messages first.</summary>
    /// <param name="before">The position of the last thread's latest message on the page before; null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<ArchiveThread> Threads(long? before, int limit) => Look(index => IndexQueries.Threads(index, before ?? long.MaxValue, limit));

    /// <summary>The messages of a thread, oldest first.</summary>
    /// <param name="thread">See <see cref="ArchiveEntry.Thread"/>.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<ArchiveEntry> OfThread(long thread, int limit) => Look(index => IndexQueries.OfThread(index, thread, limit));

    /// <summary>The message of that name, or null.</summary>
    public ArchiveEntry? Find(string hash) => Look(index => IndexQueries.Find(index, hash));

    /// <summary>The message of that identifier, or null.</summary>
    public ArchiveEntry? FindId(string id) => Look(index => IndexQueries.FindId(index, id));

    /// <summary>All messages of an author, oldest first.</summary>
    public IReadOnlyList<ArchiveEntry> By(string address) => Look(index => IndexQueries.By(index, address));

    /// <summary>Messages that hold what is asked for, newest first; all of them for an empty query.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="before">The position of the last message of the page before; null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<ArchiveEntry> Search(SearchQuery query, long? before, int limit) =>
        Look(index => IndexQueries.Search(index, query, before ?? long.MaxValue, limit));

    /// <summary>Messages of a span of time, oldest first, behind a position.</summary>
    /// <param name="from">From then on.</param>
    /// <param name="until">Before then.</param>
    /// <param name="after">The position of the last one before; null for the first.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<ArchiveEntry> Between(DateTimeOffset from, DateTimeOffset until, long? after, int limit) => Look(index => IndexQueries.Between(
        index, Math.Max(IndexWriter.PositionOf(from), after + 1 ?? long.MinValue), IndexWriter.PositionOf(until), limit, newestFirst: false));

    /// <summary>How many messages there are.</summary>
    public int Count() => Look(IndexQueries.Count);

    /// <summary>The octets of a message; null when it is gone.</summary>
    /// <exception cref="IOException">They can't be read.</exception>
    public byte[]? Read(ArchiveEntry entry) => Look(index => IndexQueries.Place(index, entry.Position)) is { } at ? _segments.Read(at.Place, at.Length) : null;

    internal void Close()
    {
        lock (_writing)
        {
            _isReady = false;
            _index.Close();
        }
    }

    private static List<(SegmentRecord Record, ReadOnlyMemory<byte> Octets)> Fresh(SqliteConnection connection, IReadOnlyList<ArchivedMessage> messages)
    {
        var fresh = new List<(SegmentRecord, ReadOnlyMemory<byte>)>(messages.Count);
        var used = new HashSet<string>();
        foreach (var message in messages)
        {
            var messageId = ListServer.Lists.PostContent.Read(RawMessage.Parse(message.Octets)).MessageId;
            var hash = MessageIdHash.Of(messageId.Length > 0 ? messageId : message.Id);
            var isUsed = used.Contains(hash) || IndexQueries.IsUsed(connection, hash);
            hash = isUsed && message.IsPost ? MessageIdHash.Of(message.Id) : hash;
            if (!used.Contains(message.Id) && !IndexQueries.IsKnown(connection, message.Id) && (!isUsed || (message.IsPost && !IndexQueries.IsUsed(connection, hash))))
            {
                used.Add(hash);
                used.Add(message.Id);
                fresh.Add((new SegmentRecord(message.Id, hash, message.At, message.Octets.Length, Crc32C.Of(message.Octets.Span), IsTaken: false), message.Octets));
            }
        }

        return fresh;
    }

    private T Look<T>(Func<SqliteConnection, T> ask)
    {
        if (!Volatile.Read(ref _isReady))
        {
            lock (_writing)
            {
                Ready().Dispose();
            }
        }

        using var connection = _index.Open();
        return ask(connection);
    }

    // The index may be behind after a crash, missing, or no index at all: the messages make up for it.
    private SqliteConnection Ready()
    {
        if (!_isReady)
        {
            _index.Prepare();
        }

        var connection = _index.Open();
        if (!_isReady)
        {
            if (IndexQueries.Progress(connection).IsBehind(_segments.End()))
            {
                // Made of segments that are not these, such as those before a copy was put back.
                connection.Dispose();
                _index.Remove();
                _index.Prepare();
                connection = _index.Open();
            }

            CatchUp(connection);
            _isReady = true;
        }

        return connection;
    }

    private void CatchUp(SqliteConnection connection)
    {
        var (end, torn) = (_segments.End(), (SegmentPlace?)null);
        var batch = new List<(SegmentPlace Place, SegmentRecord Record, byte[] Octets)>();
        var octets = 0L;
        foreach (var found in _segments.ReadFrom(IndexQueries.Progress(connection), Damaged))
        {
            batch.Add(found);
            if (batch.Count >= BatchMessages || (octets += found.Octets.Length) >= BatchOctets)
            {
                Take(connection, batch);
                octets = 0;
            }
        }

        Take(connection, batch);
        if (torn is { } tail)
        {
            _segments.Cut(tail);
        }

        void Damaged(SegmentPlace place, long length)
        {
            if (place.Segment == end.Segment && place.Offset + length == end.Offset)
            {
                // Never synced whole, so nobody was told that it is there.
                torn = place;
            }
            else
            {
                LogDamage(_list, place.Segment, place.Offset, length);
            }
        }
    }

    private static void Take(SqliteConnection connection, List<(SegmentPlace Place, SegmentRecord Record, byte[] Octets)> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        using var writer = new IndexWriter(connection);
        foreach (var (place, record, octets) in batch.OrderBy(found => found.Record.At))
        {
            writer.Add(record, place, octets);
        }

        var last = batch[^1];
        writer.Commit(last.Place with { Offset = last.Place.Offset + SegmentRecord.HeaderOctets + last.Octets.Length });
        batch.Clear();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The archive of {List} is damaged: segment {Segment} at {Offset} holds {Length} octets that are no message; all others are kept")]
    private partial void LogDamage(string list, int segment, long offset, long length);
}
