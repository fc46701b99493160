using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ListServer.Store.Tests;

/// <summary>A disk that fails when told to, and knows what it would still hold had the power failed.</summary>
internal sealed class FaultyDisk : IDisk
{
    private readonly LocalDisk _disk = new();
    private readonly Dictionary<string, long> _syncedLengths = [];
    private readonly Dictionary<string, HashSet<string>> _syncedEntries = [];
    private readonly Lock _gate = new();

    /// <summary>Writes fail behind so many octets, as on a full disk; null while there is room.</summary>
    public int? WriteFailsAfter { get; set; }

    /// <summary>Files whose path contains this fail to sync.</summary>
    public string? SyncFails { get; set; }

    /// <summary>What is told instead of the truth.</summary>
    public long? Free { get; set; }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> octets, long offset)
    {
        if (WriteFailsAfter is { } limit && limit < octets.Length)
        {
            _disk.Write(file, octets[..limit], offset);
            throw new IOException("No space left on device");
        }

        _disk.Write(file, octets, offset);
    }

    public void Sync(SafeFileHandle file)
    {
        var path = PathOf(file);
        FailFor(path);
        var length = RandomAccess.GetLength(file);
        _disk.Sync(file);
        lock (_gate)
        {
            _syncedLengths[path] = length;
        }
    }

    public void SyncFolder(string folder)
    {
        FailFor(folder);
        var entries = Directory.EnumerateFileSystemEntries(folder).ToHashSet(StringComparer.Ordinal);
        _disk.SyncFolder(folder);
        lock (_gate)
        {
            _syncedEntries[folder] = [.. entries, .. _syncedEntries.GetValueOrDefault(folder, [])];
        }
    }

    public void Move(string from, string to)
    {
        lock (_gate)
        {
            _disk.Move(from, to);
            if (_syncedLengths.Remove(from, out var length))
            {
                _syncedLengths[to] = length;
            }
        }
    }

    public long FreeOctets(string folder) => Free ?? _disk.FreeOctets(folder);

    /// <summary>The folder as it would be after a power cut at this moment: only synced names and synced octets, and noise where nobody syncs.</summary>
    public void CutPower(string folder, string target)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(target);
            foreach (var entry in _syncedEntries.GetValueOrDefault(folder, []))
            {
                var copy = Path.Combine(target, Path.GetFileName(entry));
                if (Directory.Exists(entry))
                {
                    CutPower(entry, copy);
                }
                else if (Path.GetExtension(entry) == ".db")
                {
                    File.WriteAllBytes(copy, RandomNumberGenerator.GetBytes(100_000));
                }
                else if (TryRead(entry, out var octets))
                {
                    File.WriteAllBytes(copy, octets.AsSpan(0, (int)Math.Min(_syncedLengths.GetValueOrDefault(entry), octets.Length)));
                }
            }
        }
    }

    private static bool TryRead(string file, out byte[] octets)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            octets = new byte[stream.Length];
            stream.ReadExactly(octets);
            return true;
        }
        catch (IOException)
        {
            octets = [];
            return false;
        }
    }

    /// <summary>The name that the file has now: it may have been renamed since it was opened.</summary>
    private static string PathOf(SafeFileHandle file) =>
        File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)!.FullName;

    private void FailFor(string path)
    {
        if (SyncFails is { } part && path.Contains(part, StringComparison.Ordinal))
        {
            throw new IOException("Input/output error");
        }
    }
}
