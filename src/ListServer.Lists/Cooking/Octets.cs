using System.Text;

namespace ListServer.Lists.Cooking;

/// <summary>Transfer encodings and line lengths (RFC 2045 §6, RFC 5322 §2.1.1).</summary>
internal static class Octets
{
    /// <summary>The longest line that SMTP must carry, its end not counted.</summary>
    public const int LongestLine = 998;

    /// <summary>True when a line is longer than that.</summary>
    public static bool HasLongLine(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > LongestLine)
        {
            var end = octets.IndexOf((byte)'\n');
            if (end < 0 || end > LongestLine + 1)
            {
                return true;
            }

            octets = octets[(end + 1)..];
        }

        return false;
    }

    /// <summary>base64 in lines of 76, each ended by CRLF.</summary>
    public static byte[] ToBase64(ReadOnlySpan<byte> octets)
    {
        const int PerLine = 57;
        var lines = (octets.Length + PerLine - 1) / PerLine;
        var output = new byte[(((octets.Length + 2) / 3) * 4) + (lines * 2)];
        var at = 0;
        for (var i = 0; i < octets.Length; i += PerLine)
        {
            var line = octets.Slice(i, Math.Min(PerLine, octets.Length - i));
            System.Buffers.Text.Base64.EncodeToUtf8(line, output.AsSpan(at), out _, out var written);
            at += written;
            "\r\n"u8.CopyTo(output.AsSpan(at));
            at += 2;
        }

        return output;
    }

    /// <summary>quoted-printable of text.</summary>
    public static byte[] ToQuotedPrintable(ReadOnlySpan<byte> octets)
    {
        var output = new StringBuilder(octets.Length * 2);
        var column = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i..].StartsWith("\r\n"u8))
            {
                output.Append("\r\n");
                (column, i) = (0, i + 1);
                continue;
            }

            var piece = IsSafe(octets, i, column) ? ((char)octets[i]).ToString() : $"={octets[i]:X2}";
            if (column + piece.Length > 75)
            {
                output.Append("=\r\n");
                column = 0;
            }

            output.Append(piece);
            column += piece.Length;
        }

        return Encoding.ASCII.GetBytes(output.ToString());
    }

    // RFC 2045 §6.7: white space at a line's end is encoded; "From " at its start is, because mailbox files change it.
    private static bool IsSafe(ReadOnlySpan<byte> octets, int i, int column) => octets[i] switch
    {
        (byte)' ' or (byte)'\t' => i + 1 < octets.Length && !octets[(i + 1)..].StartsWith("\r\n"u8),
        (byte)'F' when column == 0 => !octets[i..].StartsWith("From "u8),
        (byte)'=' => false,
        var octet => octet is >= 33 and <= 126,
    };
}
