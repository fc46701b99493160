using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ListServer.Store.Archive;

/// <summary>
/// The SQLite file that an archive's index stands in. It is made of the messages and can be made again: a torn or foreign one is thrown away.
/// </summary>
internal sealed class IndexFile(string path)
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE message(
          position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, thread INTEGER NOT NULL, answers INTEGER, name INTEGER NOT NULL,
          date INTEGER NOT NULL, author TEXT NOT NULL, address TEXT NOT NULL, subject TEXT NOT NULL, beginning TEXT NOT NULL, attachments INTEGER NOT NULL,
          segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL);
        CREATE INDEX message_thread ON message(thread, position);
        CREATE INDEX message_address ON message(address);
        CREATE TABLE thread(id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, messages INTEGER NOT NULL);
        CREATE INDEX thread_last ON thread(last);
        CREATE INDEX thread_key ON thread(key, last);
        CREATE TABLE known(name INTEGER PRIMARY KEY, thread INTEGER NOT NULL);
        CREATE INDEX known_thread ON known(thread);
        CREATE TABLE taken(hash TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE progress(segment INTEGER NOT NULL, offset INTEGER NOT NULL);
        INSERT INTO progress VALUES(1, 0);
        CREATE VIRTUAL TABLE words USING fts5(subject, author, body, marks, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
        """;

    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();

    public string Path { get; } = path;

    /// <summary>Opens it for reading and writing, for the moment: connections are pooled.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();

        // Power may fail: what SQLite then forgets is read again from the messages, which are synced.
        Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456");
        return connection;
    }

    /// <summary>Makes sure that the file is an index as this version knows it.</summary>
    public void Prepare()
    {
        try
        {
            using var connection = Open();
            if (Convert.ToInt64(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture) == Version)
            {
                _ = Scalar(connection, "SELECT max(position) FROM message");
                return;
            }
        }
        catch (SqliteException broken) when (broken.SqliteErrorCode is CorruptFile or NoDatabase or UnknownTable)
        {
            // Made anew below.
        }

        Remove();
        new FileStream(Path, StoreFolders.Options(FileMode.CreateNew, FileAccess.Write)).Dispose();

        using var made = Open();
        Run(made, string.Create(CultureInfo.InvariantCulture, $"BEGIN; {Schema} PRAGMA user_version={Version}; COMMIT"));
    }

    /// <summary>Closes all connections and removes the file.</summary>
    public void Remove()
    {
        Close();
        foreach (var part in (string[])[Path, Path + "-wal", Path + "-shm"])
        {
            File.Delete(part);
        }
    }

    /// <summary>Closes the connections that wait in the pool.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    public static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    public static List<T> Read<T>(SqliteConnection connection, Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, sql, values);
        using var rows = command.ExecuteReader();
        var found = new List<T>();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this folder, put together from constants; what comes from outside is a value.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private const int UnknownTable = 1;
    private const int CorruptFile = 11;
    private const int NoDatabase = 26;
}
