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
    private const int RoomSize = 8 * 1024;

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
        var room = ArrayPool<byte>.Shared.Rent(RoomSize + 1);
        try
        {
            while (!dots.IsEnd)
            {
                if (await wire.ReadOctetsAsync() is not { } octets)
                    return MessageEnd.Gone;
                var taken = await UnstuffAsync(octets, dots, room, intake);
                wire.Consume(octets.GetPosition(taken), taken);
                if (intake.Size > Endless)
                    return MessageEnd.Endless;
            }
            return MessageEnd.Reached;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
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

    private async ValueTask<long> UnstuffAsync(ReadOnlySequence<byte> octets, DotStuffing dots, byte[] room, MessageIntake intake)
    {
        var taken = 0L;
        foreach (var segment in octets)
        {
            var rest = segment;
            while (!rest.IsEmpty && !dots.IsEnd)
            {
                var (read, written) = dots.Unstuff(rest.Span[..Math.Min(rest.Length, RoomSize)], room);
                await intake.TakeAsync(room.AsMemory(0, written), wire.Gone);
                rest = rest[read..];
                taken += read;
            }
        }
        return taken;
    }
}
