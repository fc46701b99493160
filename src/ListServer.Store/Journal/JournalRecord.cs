using System.Buffers;
using System.Buffers.Binary;

namespace ListServer.Store.Journal;

/// <summary>
/// One commit as it stands in the journal: a mark, the payload's length, a checksum over all that follows it, the sequence number,
/// the number of the first record that was synced together with this one, the payload.
/// </summary>
/// <param name="Sequence">1 for the first record ever, without gaps.</param>
/// <param name="Batch">Everything before this number was on the disk when the record was written: that tells a torn end from damage.</param>
/// <param name="Payload">The changes in JSON.</param>
internal readonly record struct JournalRecord(long Sequence, long Batch, ReadOnlyMemory<byte> Payload)
{
    public const int MaxPayload = 64 << 20;

    private const int HeaderSize = 28;
    private const int ChecksumAt = 8;
    private const int SequenceAt = 12;
    private const int BatchAt = 20;

    /// <summary>Begins every record; helps to find the next one behind damage.</summary>
    public static ReadOnlySpan<byte> Mark => "LSJ1"u8;

    public void WriteTo(IBufferWriter<byte> writer)
    {
        var octets = writer.GetSpan(HeaderSize + Payload.Length)[..(HeaderSize + Payload.Length)];
        Mark.CopyTo(octets);
        BinaryPrimitives.WriteInt32LittleEndian(octets[Mark.Length..], Payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(octets[SequenceAt..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(octets[BatchAt..], Batch);
        Payload.Span.CopyTo(octets[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(octets[ChecksumAt..], Crc32C.Of(octets[SequenceAt..]));
        writer.Advance(octets.Length);
    }

    /// <summary>Reads the record that begins the octets; false when there is none that is whole.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> octets, out JournalRecord record, out int length)
    {
        record = default;
        length = 0;
        var span = octets.Span;
        if (span.Length < HeaderSize || !span.StartsWith(Mark))
        {
            return false;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(span[Mark.Length..]);
        if (size is < 0 or > MaxPayload || size > span.Length - HeaderSize)
        {
            return false;
        }

        length = HeaderSize + size;
        if (BinaryPrimitives.ReadUInt32LittleEndian(span[ChecksumAt..]) != Crc32C.Of(span[SequenceAt..length]))
        {
            return false;
        }

        var sequence = BinaryPrimitives.ReadInt64LittleEndian(span[SequenceAt..]);
        var batch = BinaryPrimitives.ReadInt64LittleEndian(span[BatchAt..]);
        record = new JournalRecord(sequence, batch, octets[HeaderSize..length]);
        return true;
    }
}
