using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Tables;

/// <summary>
/// LiteDB's data file, the copy that is kept of it, and the note that the file was left settled. Without the note (the process was killed)
/// the file is not trusted: it is made anew from the copy, and the journal brings it up to date.
/// </summary>
internal sealed partial class TableFiles(StoreOptions options, IDisk disk, Damage damage, ILogger logger)
{
    private const int BufferOctets = 1 << 20;

    /// <summary>Length of what stands behind the octets of a copy: their SHA-256.</summary>
    private const int TrailerOctets = SHA256.HashSizeInBytes;

    private readonly string _data = options.PathOf("lists.db");
    private readonly string _copy = options.PathOf("lists.copy");
    private readonly string _note = options.PathOf("lists.settled");

    /// <summary>Opens the tables as they are best known. What the journal has behind them is still to be replayed.</summary>
    public LiteTable Open()
    {
        var trusted = OpenSettled();
        File.Delete(_note);
        disk.SyncFolder(options.Folder);
        return trusted ?? Restore();
    }

    /// <summary>Notes that the file is whole and closed.</summary>
    public void NoteSettled(long sequence)
    {
        SyncData();
        Span<byte> octets = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(octets, sequence);
        StoreFolders.WriteWhole(disk, _note, octets);
    }

    /// <summary>Keeps a copy. The file must not change meanwhile: it does so in a checkpoint only.</summary>
    public void Copy(long sequence)
    {
        SyncData();
        var temporary = _copy + ".tmp";
        using (var source = new FileStream(_data, Reading))
        using (var target = new FileStream(temporary, StoreFolders.Options(FileMode.Create, FileAccess.Write)))
        {
            var hash = Pour(source, source.Length, target);
            disk.Write(target.SafeFileHandle, hash, target.Position);
            disk.Sync(target.SafeFileHandle);
        }

        disk.Move(temporary, _copy);
        disk.SyncFolder(options.Folder);
        LogCopied(sequence);
    }

    private static FileStreamOptions Reading => StoreFolders.Options(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    private LiteTable? OpenSettled()
    {
        if (!File.Exists(_note) || !File.Exists(_data))
        {
            return null;
        }

        var noted = File.ReadAllBytes(_note);
        try
        {
            var table = LiteTable.Open(_data, SetAsideEntry);
            if (noted.Length == sizeof(long) && table.Sequence == BinaryPrimitives.ReadInt64LittleEndian(noted))
            {
                return table;
            }

            table.Dispose();
        }
        catch (StoreDamagedException failure)
        {
            LogUnreadable(failure);
        }

        damage.SetAsideFile(_data, "The database file does not hold what it held when it was closed; it is rebuilt from the copy and the journal");
        return null;
    }

    private LiteTable Restore()
    {
        if (!File.Exists(_copy))
        {
            File.Delete(_data);
            return LiteTable.Open(_data, SetAsideEntry);
        }

        if (IsWhole(_copy))
        {
            File.Delete(_data);
            Unpack();
            LogRestored();
            return LiteTable.Open(_data, SetAsideEntry);
        }

        damage.SetAsideFile(_copy, "The copy of the database file is damaged");
        return OpenUntrusted();
    }

    /// <summary>The last resort: the file of a process that was killed.</summary>
    private LiteTable OpenUntrusted()
    {
        try
        {
            return LiteTable.Open(_data, SetAsideEntry);
        }
        catch (StoreDamagedException failure)
        {
            LogUnreadable(failure);
            damage.SetAsideFile(_data, "The database file is damaged");
            return LiteTable.Open(_data, SetAsideEntry);
        }
    }

    private void Unpack()
    {
        using var source = new FileStream(_copy, Reading);
        using var target = new FileStream(_data, StoreFolders.Options(FileMode.Create, FileAccess.Write));
        Pour(source, source.Length - TrailerOctets, target);
        disk.Sync(target.SafeFileHandle);
    }

    private static bool IsWhole(string path)
    {
        using var source = new FileStream(path, Reading);
        if (source.Length < TrailerOctets)
        {
            return false;
        }

        var hash = Pour(source, source.Length - TrailerOctets, Stream.Null);
        var trailer = new byte[TrailerOctets];
        source.ReadExactly(trailer);
        return hash.AsSpan().SequenceEqual(trailer);
    }

    /// <summary>Copies so many octets and tells their SHA-256.</summary>
    private static byte[] Pour(Stream source, long octets, Stream target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferOctets];
        while (octets > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(octets, buffer.Length));
            source.ReadExactly(part);
            hash.AppendData(part);
            target.Write(part);
            octets -= part.Length;
        }

        return hash.GetHashAndReset();
    }

    private void SyncData()
    {
        using var file = new FileStream(_data, StoreFolders.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        disk.Sync(file.SafeFileHandle);
    }

    private void SetAsideEntry(string key, byte[] octets) =>
        damage.SetAside("entry-" + key, octets, string.Create(CultureInfo.InvariantCulture, $"The database entry {key} is damaged"));

    [LoggerMessage(Level = LogLevel.Information, Message = "The database was copied as of record {Sequence}")]
    private partial void LogCopied(long sequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database was not closed in order: it is made anew from its copy and the journal")]
    private partial void LogRestored();

    [LoggerMessage(Level = LogLevel.Error, Message = "The database file can't be read")]
    private partial void LogUnreadable(Exception failure);
}
