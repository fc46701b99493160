using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;
using Microsoft.Data.Sqlite;

namespace ListServer.Store.Archive;

/// <summary>Writes messages into the index: where they stand, which thread they are of, and their words. One transaction for each batch.</summary>
internal sealed class IndexWriter : IDisposable
{
    // A second holds a million messages.
    private const int PositionBits = 20;

    // RFC 5322 §3.6.4 knows no subjects: answers without references join a thread of the same subject only while people remember it.
    private static readonly TimeSpan SubjectMemory = TimeSpan.FromDays(60);

    private const int BeginningLength = 200;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    public IndexWriter(SqliteConnection connection)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction();
    }

    /// <summary>The lowest position of a moment.</summary>
    public static long PositionOf(DateTimeOffset at) => at.ToUnixTimeSeconds() << PositionBits;

    /// <summary>The moment of a position.</summary>
    public static DateTimeOffset DateOf(long position) => DateTimeOffset.FromUnixTimeSeconds(position >> PositionBits);

    /// <summary>Sixty-four bits for a Message-ID: to find threads by, nothing else.</summary>
    public static long NameOf(string messageId) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)));

    /// <summary>Adds a message.</summary>
    public void Add(SegmentRecord record, SegmentPlace place, ReadOnlyMemory<byte> octets)
    {
        if (record.IsTaken)
        {
            Run("INSERT OR IGNORE INTO taken VALUES($hash)", ("$hash", record.Hash));
            return;
        }

        if (Scalar("SELECT 1 FROM message WHERE id=$id OR hash=$hash", ("$id", record.Id), ("$hash", record.Hash)) is not null)
        {
            return;
        }

        var card = ArchiveCard.Read(RawMessage.Parse(octets));
        var position = FreePosition(record.At);
        var name = NameOf(card.MessageId.Length > 0 ? card.MessageId : record.Id);
        var thread = ThreadOf(card, name, position);
        Run(
            "INSERT INTO message VALUES($position, $id, $hash, $thread, $answers, $name, $date, $author, $address, $subject, $beginning, $attachments, $segment, $offset, $length)",
            ("$position", position), ("$id", record.Id), ("$hash", record.Hash), ("$thread", thread),
            ("$answers", card.References.IsEmpty ? null : NameOf(card.References[^1])), ("$name", name), ("$date", record.At.ToUnixTimeSeconds()),
            ("$author", card.AuthorName), ("$address", card.AuthorAddress), ("$subject", card.Subject), ("$beginning", Beginning(card.Text)),
            ("$attachments", card.Attachments), ("$segment", place.Segment), ("$offset", place.Offset), ("$length", record.Length));
        Run(
            "INSERT INTO words(rowid, subject, author, body, marks) VALUES($position, $subject, $author, $body, $marks)",
            ("$position", position), ("$subject", SearchWords.Of(card.Subject)), ("$author", SearchWords.Of($"{card.AuthorName} {card.AuthorAddress}")),
            ("$body", SearchWords.Of(card.Text)), ("$marks", card.Attachments > 0 ? "attachment" : ""));
    }

    /// <summary>Takes a message out, and its thread with the last of it.</summary>
    public void Remove(long position, string hash)
    {
        var thread = Scalar("SELECT thread FROM message WHERE position=$position", ("$position", position));
        Run("DELETE FROM message WHERE position=$position", ("$position", position));
        Run("DELETE FROM words WHERE rowid=$position", ("$position", position));
        Run("INSERT OR IGNORE INTO taken VALUES($hash)", ("$hash", hash));
        Run(
            """
            UPDATE thread SET messages=messages-1, first=coalesce((SELECT min(position) FROM message WHERE thread=$thread), 0),
              last=coalesce((SELECT max(position) FROM message WHERE thread=$thread), 0) WHERE id=$thread
            """,
            ("$thread", thread));
        Run("DELETE FROM known WHERE thread=$thread AND NOT EXISTS(SELECT 1 FROM message WHERE thread=$thread)", ("$thread", thread));
        Run("DELETE FROM thread WHERE id=$thread AND messages<=0", ("$thread", thread));
    }

    /// <summary>Makes all of it stand, up to a place in the segments.</summary>
    public void Commit(SegmentPlace end)
    {
        Run("UPDATE progress SET segment=$segment, offset=$offset", ("$segment", end.Segment), ("$offset", end.Offset));
        _transaction.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _transaction.Dispose();
    }

    private long FreePosition(DateTimeOffset at)
    {
        var first = PositionOf(at);
        var last = Scalar("SELECT max(position) FROM message WHERE position>=$first AND position<$next", ("$first", first), ("$next", first + (1L << PositionBits)));
        return last is null ? first : Number(last) + 1;
    }

    private long ThreadOf(ArchiveCard card, long name, long position)
    {
        // Only the nearest that is known counts: one message with many references must not tie strangers' threads together.
        object? answered = null;
        for (var i = card.References.Length - 1; i >= 0 && answered is null; i--)
        {
            answered = Scalar("SELECT thread FROM known WHERE name=$name", ("$name", NameOf(card.References[i])));
        }

        var awaited = Scalar("SELECT thread FROM known WHERE name=$name", ("$name", name));
        var subject = ThreadSubject.Of(card.Subject);
        var thread = (answered ?? awaited ?? (card.References.IsEmpty ? SameSubject(subject, position) : null)) is { } found
            ? Extend(Number(found), position)
            : Begin(subject, position);
        if (answered is not null && awaited is not null && Number(awaited) != thread)
        {
            Merge(Number(awaited), thread);
        }

        foreach (var known in card.References.Select(NameOf).Append(name))
        {
            Run("INSERT OR IGNORE INTO known VALUES($name, $thread)", ("$name", known), ("$thread", thread));
        }

        return thread;
    }

    private object? SameSubject(ThreadSubject subject, long position) => !subject.IsReply || subject.Text.Length == 0
        ? null
        : Scalar(
            "SELECT id FROM thread WHERE key=$key AND last BETWEEN $oldest AND $newest ORDER BY last DESC LIMIT 1",
            ("$key", subject.Key), ("$oldest", PositionOf(DateOf(position) - SubjectMemory)), ("$newest", PositionOf(DateOf(position) + SubjectMemory)));

    private long Begin(ThreadSubject subject, long position) => Number(Scalar(
        "INSERT INTO thread(key, first, last, messages) VALUES($key, $position, $position, 1) RETURNING id", ("$key", subject.Key), ("$position", position)));

    private long Extend(long thread, long position)
    {
        Run(
            "UPDATE thread SET first=min(first, $position), last=max(last, $position), messages=messages+1 WHERE id=$thread",
            ("$thread", thread), ("$position", position));
        return thread;
    }

    private void Merge(long gone, long into)
    {
        Run(
            """
            UPDATE thread SET messages=messages+(SELECT messages FROM thread WHERE id=$gone), first=min(first, (SELECT first FROM thread WHERE id=$gone)),
              last=max(last, (SELECT last FROM thread WHERE id=$gone)) WHERE id=$into AND EXISTS(SELECT 1 FROM thread WHERE id=$gone)
            """,
            ("$gone", gone), ("$into", into));
        Run("UPDATE message SET thread=$into WHERE thread=$gone", ("$gone", gone), ("$into", into));
        Run("UPDATE known SET thread=$into WHERE thread=$gone", ("$gone", gone), ("$into", into));
        Run("DELETE FROM thread WHERE id=$gone", ("$gone", gone));
    }

    private static string Beginning(string text)
    {
        var words = text.Split((char[]?)null, 60, StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words.Length == 60 ? words[..59] : words);
        return line.Length <= BeginningLength ? line : line[..(char.IsHighSurrogate(line[BeginningLength - 1]) ? BeginningLength - 1 : BeginningLength)];
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Command(sql, values).ExecuteNonQuery();

    private object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Command(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.Transaction = _transaction;
#pragma warning disable CA2100 // Every text is a constant of this file; what comes from outside is a value.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, _) in values)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
