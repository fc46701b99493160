using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace ListServer.Store.Archive;

/// <summary>
/// The messages themselves: one record behind the other in files of some 64 MiB, synced before anything else knows of them. Nothing in them ever
/// moves; a message that is taken down is overwritten where it stands.
/// </summary>
/// <remarks>One writes, any number read.</remarks>
internal sealed class SegmentFiles(string folder, IDisk disk)
{
    private const long SegmentOctets = 64 << 20;

    /// <summary>Adds records, and returns where they stand once they are safe.</summary>
    /// <exception cref="IOException">The disk is full or broken: none counts as added.</exception>
    public IReadOnlyList<SegmentPlace> Append(IReadOnlyList<(SegmentRecord Record, ReadOnlyMemory<byte> Octets)> records)
    {
        var places = new List<SegmentPlace>(records.Count);
        for (var done = 0; done < records.Count;)
        {
            var segment = Math.Max(1, Last());
            segment += LengthOf(segment) >= SegmentOctets ? 1 : 0;
            done += AppendTo(segment, records.Skip(done), places);
        }

        return places;
    }

    /// <summary>The octets of a record.</summary>
    /// <exception cref="IOException">They are gone or damaged.</exception>
    public byte[] Read(SegmentPlace place, int length)
    {
        using var file = Open(place.Segment, FileAccess.Read);
        var octets = new byte[length];
        return ReadFully(file, octets, place.Offset + SegmentRecord.HeaderOctets)
            ? octets
            : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{PathOf(place.Segment)} ends before {place.Offset + length}."));
    }

    /// <summary>Overwrites a message with nothing, and returns once that is safe.</summary>
    public void Blank(SegmentPlace place, int length)
    {
        using var file = Open(place.Segment, FileAccess.ReadWrite);
        disk.Write(file, [SegmentRecord.Taken], place.Offset + SegmentRecord.StateAt);
        disk.Write(file, new byte[length], place.Offset + SegmentRecord.HeaderOctets);
        disk.Sync(file);
    }

    /// <summary>Reads all records from a place on. What is damaged is passed over; a record cut short at the very end never happened.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="damaged">Told of octets that are no record.</param>
    public IEnumerable<(SegmentPlace Place, SegmentRecord Record, byte[] Octets)> ReadFrom(SegmentPlace from, Action<SegmentPlace, long> damaged)
    {
        var last = Last();
        for (var segment = from.Segment; segment <= last; segment++)
        {
            if (!File.Exists(PathOf(segment)))
            {
                continue;
            }

            using var file = Open(segment, FileAccess.Read);
            var length = RandomAccess.GetLength(file);
            for (var offset = segment == from.Segment ? from.Offset : 0; offset < length;)
            {
                if (ReadRecord(file, offset, length) is { } found)
                {
                    yield return (new SegmentPlace(segment, offset), found.Record, found.Octets);
                    offset += SegmentRecord.HeaderOctets + found.Octets.Length;
                }
                else
                {
                    var next = NextRecord(file, offset + 1, length);
                    damaged(new SegmentPlace(segment, offset), next - offset);
                    offset = next;
                }
            }
        }
    }

    /// <summary>Where the next record would stand.</summary>
    public SegmentPlace End()
    {
        var last = Math.Max(1, Last());
        return new SegmentPlace(last, LengthOf(last));
    }

    /// <summary>Takes off what stands behind the last whole record.</summary>
    public void Cut(SegmentPlace end)
    {
        using var file = Open(end.Segment, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, end.Offset);
        disk.Sync(file);
    }

    private int AppendTo(int segment, IEnumerable<(SegmentRecord Record, ReadOnlyMemory<byte> Octets)> records, List<SegmentPlace> places)
    {
        var isNew = !File.Exists(PathOf(segment));
        using var file = Open(segment, FileAccess.ReadWrite);
        var (start, count) = (RandomAccess.GetLength(file), 0);
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var (record, octets) in records)
        {
            places.Add(new SegmentPlace(segment, start + buffer.WrittenCount));
            record.WriteTo(buffer.GetSpan(SegmentRecord.HeaderOctets)[..SegmentRecord.HeaderOctets]);
            buffer.Advance(SegmentRecord.HeaderOctets);
            buffer.Write(octets.Span);
            count++;
            if (start + buffer.WrittenCount >= SegmentOctets)
            {
                break;
            }
        }

        disk.Write(file, buffer.WrittenSpan, start);
        disk.Sync(file);
        if (isNew)
        {
            disk.SyncFolder(folder);
        }

        return count;
    }

    private static (SegmentRecord Record, byte[] Octets)? ReadRecord(SafeFileHandle file, long offset, long length)
    {
        var header = new byte[SegmentRecord.HeaderOctets];
        if (!ReadFully(file, header, offset) || SegmentRecord.Read(header) is not { } record || record.Length < 0 || offset + header.Length + record.Length > length)
        {
            return null;
        }

        var octets = new byte[record.Length];
        return ReadFully(file, octets, offset + header.Length) && (record.IsTaken || Crc32C.Of(octets) == record.Crc) ? (record, octets) : null;
    }

    private static long NextRecord(SafeFileHandle file, long offset, long length)
    {
        var window = new byte[64 << 10];
        for (; offset < length; offset += window.Length - SegmentRecord.HeaderOctets)
        {
            var read = RandomAccess.Read(file, window, offset);
            for (var at = 0; at + SegmentRecord.HeaderOctets <= read; at++)
            {
                if (window[at] == (byte)'L' && SegmentRecord.Read(window.AsSpan(at, SegmentRecord.HeaderOctets)) is not null)
                {
                    return offset + at;
                }
            }
        }

        return length;
    }

    private static bool ReadFully(SafeFileHandle file, Span<byte> octets, long offset)
    {
        while (!octets.IsEmpty)
        {
            var read = RandomAccess.Read(file, octets, offset);
            if (read == 0)
            {
                return false;
            }

            octets = octets[read..];
            offset += read;
        }

        return true;
    }

    private SafeFileHandle Open(int segment, FileAccess access)
    {
        if (access is not FileAccess.Read && !File.Exists(PathOf(segment)))
        {
            // OpenHandle alone can't say who may read what it makes (SEC-28).
            new FileStream(PathOf(segment), StoreFolders.Options(FileMode.CreateNew, access)).Dispose();
        }

        return File.OpenHandle(PathOf(segment), FileMode.Open, access, FileShare.ReadWrite);
    }

    private long LengthOf(int segment) => new FileInfo(PathOf(segment)) is { Exists: true, Length: var length } ? length : 0;

    private int Last() => Directory.EnumerateFiles(folder, "*.mail").Select(path => int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();

    private string PathOf(int segment) => Path.Combine(folder, segment.ToString("D6", CultureInfo.InvariantCulture) + ".mail");
}
