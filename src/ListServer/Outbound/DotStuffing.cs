using System.Buffers;
using System.IO.Pipelines;

namespace ListServer.Outbound;

/// <summary>Writes a copy as DATA wants it (RFC 5321 §4.5.2) without a second copy of it in memory.</summary>
internal static class DotStuffing
{
    /// <summary>So many octets wait in the writer at most before they must be flushed.</summary>
    public const int Block = 64 * 1024;

    /// <summary>
    /// Writes the octets from <paramref name="offset"/> on until the part ends or a block is full.
    /// Answers where to go on. A part begins at the beginning of a line.
    /// </summary>
    public static int Write(PipeWriter output, ReadOnlySpan<byte> part, int offset)
    {
        var room = Block;
        while (offset < part.Length && room > 0)
        {
            var rest = part.Slice(offset, Math.Min(part.Length - offset, room));
            if (rest[0] == '.' && (offset == 0 || part[offset - 1] == '\n'))
            {
                output.Write("."u8);
            }

            var lineEnd = rest.IndexOf("\n."u8);
            var run = lineEnd < 0 ? rest.Length : lineEnd + 1;
            output.Write(rest[..run]);
            offset += run;
            room -= run;
        }

        return offset;
    }
}
