using System.Buffers.Binary;
using System.Text;
using ListServer.Lists.Archiving;

namespace ListServer.Store.Archive;

/// <summary>
/// What stands before a message's octets in a segment: mark, length and CRC-32C of the octets, identifier, name, time, CRC-32C of all that, and whether
/// the message was taken down. Little-endian.
/// </summary>
internal sealed record SegmentRecord(string Id, string Hash, DateTimeOffset At, int Length, uint Crc, bool IsTaken)
{
    public const int HeaderOctets = StateAt + 1;

    /// <summary>Where the octet stands that says whether it was taken down.</summary>
    public const int StateAt = CrcAt + 4;

    public const byte Taken = (byte)'T';

    private const byte Kept = (byte)'K';
    private const int IdAt = 12;
    private const int HashAt = IdAt + OrderedId.Length;
    private const int TimeAt = HashAt + MessageIdHash.Length;
    private const int CrcAt = TimeAt + 8;

    private static ReadOnlySpan<byte> Mark => "LSA1"u8;

    public void WriteTo(Span<byte> header)
    {
        Mark.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Crc);
        Encoding.ASCII.GetBytes(Id, header[IdAt..]);
        Encoding.ASCII.GetBytes(Hash, header[HashAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[TimeAt..], At.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32LittleEndian(header[CrcAt..], Crc32C.Of(header[..CrcAt]));
        header[StateAt] = IsTaken ? Taken : Kept;
    }

    /// <summary>Reads a header; null when it is none, or damaged.</summary>
    public static SegmentRecord? Read(ReadOnlySpan<byte> header) =>
        header.Length == HeaderOctets && header.StartsWith(Mark) && Crc32C.Of(header[..CrcAt]) == BinaryPrimitives.ReadUInt32LittleEndian(header[CrcAt..])
            ? new SegmentRecord(
                Encoding.ASCII.GetString(header.Slice(IdAt, OrderedId.Length)),
                Encoding.ASCII.GetString(header.Slice(HashAt, MessageIdHash.Length)),
                DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(header[TimeAt..])),
                BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[8..]),
                header[StateAt] == Taken)
            : null;
}

/// <summary>Where a record stands.</summary>
internal readonly record struct SegmentPlace(int Segment, long Offset)
{
    /// <summary>True when it stands further back than another place.</summary>
    public bool IsBehind(SegmentPlace other) => (Segment, Offset).CompareTo((other.Segment, other.Offset)) > 0;
}
