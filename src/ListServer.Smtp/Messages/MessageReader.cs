using System.Buffers;

namespace ListServer.Smtp;

/// <summary>How reading a message ended.</summary>
internal enum MessageEnd
{
    /// <summary>Its true end was reached, whether it is to be taken or not.</summary>
    Reached,

    /// <summary>It is far beyond any size and still going on.</summary>
    Endless,

    /// <summary>The peer went away, or was sent away.</summary>
    Gone,
}

/// <summary>Reads the octets of a message from the wire, to its true end even when they are not wanted.</summary>
internal sealed class MessageReader(SmtpWire wire, SmtpLimits limits)
{
    /// <summary>Octets handed to the sink at once, at most.</summary>
    private const int RoomSize = 32 * 1024;

    /// <summary>What is read beyond the largest message in order to answer it, rather than to cut.</summary>
    private const long Forbearance = 64 * 1024 * 1024;

    private long Endless => limits.MaxMessageSize + Forbearance;

    /// <summary>True for a chunk that is not worth reading.</summary>
    public bool IsEndless(long size) => size > Endless;

    /// <summary>Reads behind 354, to CRLF.CRLF.</summary>
    public async ValueTask<MessageEnd> ReadDataAsync(MessageIntake intake)
    {
        wire.Patience.Begin(WaitingFor.Message);
        var dots = new DotStuffing();
        while (!dots.IsEnd)
        {
            if (await wire.ReadOctetsAsync() is not { } octets)
                return MessageEnd.Gone;
            var taken = await UnstuffAsync(octets, dots, intake);
            wire.Consume(octets.GetPosition(taken), taken);
            if (intake.Size > Endless)
                return MessageEnd.Endless;
        }
        return MessageEnd.Reached;
    }

    /// <summary>Reads exactly one chunk; without an intake it is thrown away.</summary>
    public async ValueTask<MessageEnd> ReadChunkAsync(MessageIntake? intake, long size)
    {
        wire.Patience.Begin(WaitingFor.Message);
        while (size > 0)
        {
            if (await wire.ReadOctetsAsync() is not { } octets)
                return MessageEnd.Gone;
            if (octets.Length > size)
                octets = octets.Slice(0, size);
            if (intake is not null)
            {
                foreach (var segment in octets)
                    await intake.TakeAsync(segment, wire.Gone);
            }
            size -= octets.Length;
            wire.Consume(octets.End, octets.Length);
        }
        return intake?.Size > Endless ? MessageEnd.Endless : MessageEnd.Reached;
    }

    /// <summary>The room is lent only while there are octets: a slow peer holds no memory.</summary>
    private async ValueTask<long> UnstuffAsync(ReadOnlySequence<byte> octets, DotStuffing dots, MessageIntake intake)
    {
        var room = ArrayPool<byte>.Shared.Rent((int)Math.Min(octets.Length, RoomSize) + 1);
        try
        {
            var taken = 0L;
            while (taken < octets.Length && !dots.IsEnd)
            {
                var (read, written) = Fill(octets.Slice(taken), dots, room);
                await intake.TakeAsync(room.AsMemory(0, written), wire.Gone);
                taken += read;
            }
            return taken;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static (long Read, int Written) Fill(ReadOnlySequence<byte> octets, DotStuffing dots, byte[] room)
    {
        var (read, written) = (0L, 0);
        foreach (var segment in octets)
        {
            // One octet of the room is for a CR that was held back.
            var fits = segment.Span[..Math.Min(segment.Length, room.Length - written - 1)];
            var (some, kept) = dots.Unstuff(fits, room.AsSpan(written));
            read += some;
            written += kept;
            if (some < segment.Length)
                break;
        }
        return (read, written);
    }
}
