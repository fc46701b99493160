using System.Globalization;

namespace ListServer.Store.Journal;

/// <summary>Reads the journal from a record on, tells a torn end (nothing was promised) from damage (something was), and gets past both.</summary>
internal sealed class JournalReader(string folder, Damage damage)
{
    /// <summary>The last record read; what follows in the last segment may be cut off.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Up to here the last segment is sound; 0 without segments.</summary>
    public long GoodLength { get; private set; }

    /// <summary>The records behind <paramref name="sequence"/>, in order.</summary>
    /// <exception cref="StoreDamagedException">The journal begins too late: records behind <paramref name="sequence"/> are not there.</exception>
    public IEnumerable<JournalRecord> ReadBehind(long sequence)
    {
        LastSequence = sequence;
        var segments = JournalFolder.Segments(folder);
        if (segments.Count > 0 && segments[0].First > sequence + 1)
        {
            throw new StoreDamagedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The tables end at record {sequence}, the journal begins at {segments[0].First}: what is between is lost."));
        }

        for (var i = 0; i < segments.Count; i++)
        {
            var isLast = i == segments.Count - 1;
            if (isLast || segments[i + 1].First > sequence + 1)
            {
                foreach (var record in ReadSegment(segments[i].Path, segments[i].First, isLast))
                {
                    yield return record;
                }
            }
        }
    }

    private IEnumerable<JournalRecord> ReadSegment(string path, long firstSequence, bool isLast)
    {
        ReadOnlyMemory<byte> octets = File.ReadAllBytes(path);
        var position = 0;
        var previous = firstSequence - 1;
        while (position < octets.Length)
        {
            if (JournalRecord.TryRead(octets[position..], out var record, out var length))
            {
                NoteGap(path, record);
                previous = record.Sequence;
                position += length;
                if (record.Sequence > LastSequence)
                {
                    LastSequence = record.Sequence;
                    yield return record;
                }

                continue;
            }

            var next = FindSynced(octets, position, previous);
            if (next is null && isLast)
            {
                damage.KeepTornEnd(path, octets.Span[position..]);
                break;
            }

            SetAside(path, octets, position, next ?? octets.Length);
            position = next ?? octets.Length;
        }

        GoodLength = position;
    }

    /// <summary>A record behind the fault that was written after the fault's record had been synced: proof that something is lost.</summary>
    private static int? FindSynced(ReadOnlyMemory<byte> octets, int position, long last)
    {
        var found = false;
        var first = 0;
        for (var at = position + 1; at < octets.Length; at++)
        {
            var step = octets.Span[at..].IndexOf(JournalRecord.Mark);
            if (step < 0)
            {
                break;
            }

            at += step;
            if (JournalRecord.TryRead(octets[at..], out var record, out _))
            {
                first = found ? first : at;
                found = true;
                if (record.Batch > last + 1)
                {
                    return first;
                }
            }
        }

        return null;
    }

    private void NoteGap(string path, JournalRecord record)
    {
        var expected = LastSequence + 1;
        if (record.Sequence > expected)
        {
            damage.Report(string.Create(
                CultureInfo.InvariantCulture,
                $"The journal {path} lacks the records {expected} to {record.Sequence - 1}: these commits are lost. All others are kept."));
        }
    }

    private void SetAside(string path, ReadOnlyMemory<byte> octets, int from, int to) => damage.SetAside(
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}-{from}"),
        octets.Span[from..to],
        string.Create(CultureInfo.InvariantCulture, $"{to - from} octets of the journal {path} at {from} are damaged"));
}
