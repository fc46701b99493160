namespace ListServer.Store.Journal;

/// <summary>The end of the journal, where records are added. Used by one thread.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly string _folder;
    private readonly IDisk _disk;
    private readonly long _segmentOctets;
    private FileStream? _segment;
    private long _length;
    private long _olderOctets;

    private JournalFile(string folder, IDisk disk, long segmentOctets)
    {
        _folder = folder;
        _disk = disk;
        _segmentOctets = segmentOctets;
    }

    /// <summary>Octets in all segments.</summary>
    public long TotalOctets => Interlocked.Read(ref _olderOctets) + Interlocked.Read(ref _length);

    /// <summary>Goes on behind what was read; a torn end is cut off.</summary>
    /// <param name="folder">The segments' folder.</param>
    /// <param name="disk">Where writes go.</param>
    /// <param name="goodLength">Up to here the last segment is sound.</param>
    /// <param name="segmentOctets">A segment of this length is followed by a new one.</param>
    public static JournalFile Open(string folder, IDisk disk, long goodLength, long segmentOctets)
    {
        var journal = new JournalFile(folder, disk, segmentOctets);
        var segments = JournalFolder.Segments(folder);
        if (segments.Count > 0)
        {
            journal._segment = new FileStream(segments[^1].Path, StoreFolders.Options(FileMode.Open, FileAccess.ReadWrite));
            journal._length = goodLength;
            journal._olderOctets = segments.SkipLast(1).Sum(s => new FileInfo(s.Path).Length);
            if (journal._segment.Length > goodLength)
            {
                journal.CutToGood();
            }
        }

        return journal;
    }

    /// <summary>Adds records and returns once they are on the disk. On failure none of them is there.</summary>
    /// <exception cref="IOException">The disk is full or broken; more can be added later.</exception>
    /// <exception cref="StoreException">The same, and nothing may be added any more.</exception>
    public void Append(ReadOnlySpan<byte> records, long firstSequence)
    {
        var segment = _segment is not null && _length < _segmentOctets ? _segment : Begin(firstSequence);
        try
        {
            _disk.Write(segment.SafeFileHandle, records, _length);
            _disk.Sync(segment.SafeFileHandle);
        }
        catch (IOException failure)
        {
            TakeBack(failure);
            throw;
        }

        Interlocked.Add(ref _length, records.Length);
    }

    /// <summary>Removes segments in which every record is at most <paramref name="sequence"/>.</summary>
    public void CutThrough(long sequence)
    {
        var segments = JournalFolder.Segments(_folder);
        for (var i = 0; i < segments.Count - 1 && segments[i + 1].First <= sequence + 1; i++)
        {
            Interlocked.Add(ref _olderOctets, -new FileInfo(segments[i].Path).Length);
            File.Delete(segments[i].Path);
        }
    }

    public void Dispose() => _segment?.Dispose();

    private FileStream Begin(long firstSequence)
    {
        var next = new FileStream(JournalFolder.SegmentPath(_folder, firstSequence), StoreFolders.Options(FileMode.Create, FileAccess.ReadWrite));
        try
        {
            _disk.SyncFolder(_folder);
        }
        catch (IOException)
        {
            next.Dispose();
            throw;
        }

        _segment?.Dispose();
        _segment = next;
        Interlocked.Add(ref _olderOctets, Interlocked.Exchange(ref _length, 0));
        return next;
    }

    /// <summary>After a failed write nobody knows what the disk has: the records are taken back, and if that fails too, the journal ends here.</summary>
    private void TakeBack(IOException failure)
    {
        try
        {
            CutToGood();
        }
        catch (IOException)
        {
            throw new StoreException("The journal could not be written, and what stands at its end is unknown.", failure);
        }
    }

    private void CutToGood()
    {
        _segment!.SetLength(_length);
        _disk.Sync(_segment.SafeFileHandle);
    }
}
