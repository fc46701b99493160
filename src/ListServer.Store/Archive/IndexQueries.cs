using System.Globalization;
using ListServer.Lists.Archiving;
using Microsoft.Data.Sqlite;

namespace ListServer.Store.Archive;

/// <summary>What is asked of an index. Each answer is read whole, and the connection is free again.</summary>
internal static class IndexQueries
{
    private const string Columns = "m.position, m.id, m.hash, m.thread, NULL, m.date, m.author, m.address, m.subject, m.beginning, m.attachments";

    public static List<ArchiveThread> Threads(SqliteConnection connection, long before, int limit)
    {
        var rows = IndexFile.Read(
            connection,
            row => (First: row.GetInt64(0), Last: row.GetInt64(1), Messages: row.GetInt32(2)),
            "SELECT first, last, messages FROM thread WHERE last<$before ORDER BY last DESC LIMIT $limit",
            ("$before", before), ("$limit", limit));
        return [.. rows.Select(row => (First: At(connection, row.First), Last: At(connection, row.Last), row.Messages))
            .Where(row => row.First is not null && row.Last is not null).Select(row => new ArchiveThread(row.First!, row.Last!, row.Messages))];
    }

    public static List<ArchiveEntry> OfThread(SqliteConnection connection, long thread, int limit)
    {
        var rows = IndexFile.Read(
            connection,
            row => (Entry: Entry(row), Name: row.GetInt64(11), Answers: row.IsDBNull(12) ? (long?)null : row.GetInt64(12)),
            $"SELECT {Columns}, m.name, m.answers FROM message m WHERE m.thread=$thread ORDER BY m.position LIMIT $limit",
            ("$thread", thread), ("$limit", limit));
        var hashes = new Dictionary<long, string>();
        rows.ForEach(row => hashes.TryAdd(row.Name, row.Entry.Hash));
        return [.. rows.Select(row => row.Entry with { AnswersHash = row.Answers is { } answered ? hashes.GetValueOrDefault(answered) : null })];
    }

    public static ArchiveEntry? Find(SqliteConnection connection, string hash) => IndexFile.Read(
        connection, Entry, $"SELECT {Columns} FROM message m WHERE m.hash=$hash", ("$hash", hash.ToUpperInvariant())).FirstOrDefault();

    public static ArchiveEntry? FindId(SqliteConnection connection, string id) => IndexFile.Read(
        connection, Entry, $"SELECT {Columns} FROM message m WHERE m.id=$id", ("$id", id)).FirstOrDefault();

    public static List<ArchiveEntry> By(SqliteConnection connection, string address) => IndexFile.Read(
        connection, Entry, $"SELECT {Columns} FROM message m WHERE m.address=$address ORDER BY m.position", ("$address", address.ToLowerInvariant()));

    /// <summary>Messages from one position to below another.</summary>
    public static List<ArchiveEntry> Between(SqliteConnection connection, long from, long before, int limit, bool newestFirst) => IndexFile.Read(
        connection,
        Entry,
        $"SELECT {Columns} FROM message m WHERE m.position>=$from AND m.position<$before ORDER BY m.position {(newestFirst ? "DESC" : "ASC")} LIMIT $limit",
        ("$from", from), ("$before", before), ("$limit", limit));

    public static List<ArchiveEntry> Search(SqliteConnection connection, SearchQuery query, long before, int limit)
    {
        var from = query.After is { } after ? IndexWriter.PositionOf(Midnight(after)) : long.MinValue;
        before = query.Before is { } day ? Math.Min(before, IndexWriter.PositionOf(Midnight(day))) : before;
        return Match(query) is { } match
            ? IndexFile.Read(
                connection,
                Entry,
                $"""
                SELECT {Columns} FROM words JOIN message m ON m.position=words.rowid
                WHERE words MATCH $match AND words.rowid>=$from AND words.rowid<$before ORDER BY words.rowid DESC LIMIT $limit
                """,
                ("$match", match), ("$from", from), ("$before", before), ("$limit", limit))
            : Between(connection, from, before, limit, newestFirst: true);
    }

    public static (SegmentPlace Place, int Length)? Place(SqliteConnection connection, long position)
    {
        var rows = IndexFile.Read(
            connection,
            row => (new SegmentPlace(row.GetInt32(0), row.GetInt64(1)), row.GetInt32(2)),
            "SELECT segment, offset, length FROM message WHERE position=$position",
            ("$position", position));
        return rows.Count > 0 ? rows[0] : null;
    }

    public static bool IsKnown(SqliteConnection connection, string id) => IndexFile.Scalar(connection, "SELECT 1 FROM message WHERE id=$id", ("$id", id)) is not null;

    /// <summary>True for a name that stands for a message, or for one that was taken down.</summary>
    public static bool IsUsed(SqliteConnection connection, string hash) =>
        IndexFile.Scalar(connection, "SELECT 1 FROM message WHERE hash=$hash UNION ALL SELECT 1 FROM taken WHERE hash=$hash", ("$hash", hash)) is not null;

    public static SegmentPlace Progress(SqliteConnection connection) =>
        IndexFile.Read(connection, row => new SegmentPlace(row.GetInt32(0), row.GetInt64(1)), "SELECT segment, offset FROM progress")[0];

    public static int Count(SqliteConnection connection) =>
        Convert.ToInt32(IndexFile.Scalar(connection, "SELECT coalesce(sum(messages), 0) FROM thread"), CultureInfo.InvariantCulture);

    // Words hold letters, digits and spaces only, and quotes make them words whatever they say: nobody writes FTS5's language but this.
    private static string? Match(SearchQuery query)
    {
        var wanted = query.Terms.Where(term => !term.IsExcluded).Select(Term).ToList();
        if (query.HasAttachment)
        {
            wanted.Add("marks : \"attachment\"");
        }

        return wanted.Count == 0
            ? null
            : $"({string.Join(" AND ", wanted)})" + string.Concat(query.Terms.Where(term => term.IsExcluded).Select(term => " NOT " + Term(term)));
    }

    private static string Term(SearchTerm term)
    {
        var columns = term.Field switch
        {
            SearchField.Subject => "subject",
            SearchField.From => "author",
            _ => "{subject author body}",
        };
        return $"({columns} : \"{term.Words}\"{(term.IsPrefix ? "*" : "")})";
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static ArchiveEntry? At(SqliteConnection connection, long position) =>
        IndexFile.Read(connection, Entry, $"SELECT {Columns} FROM message m WHERE m.position=$position", ("$position", position)).FirstOrDefault();

    private static ArchiveEntry Entry(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(5)),
        row.GetString(6),
        row.GetString(7),
        row.GetString(8),
        row.GetString(9),
        row.GetInt32(10));
}
