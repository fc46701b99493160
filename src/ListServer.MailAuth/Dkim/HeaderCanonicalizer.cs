using System.Buffers;

namespace ListServer.MailAuth.Dkim;

/// <summary>Writes a header field's canonical form (RFC 6376 §3.4.1, §3.4.2).</summary>
internal static class HeaderCanonicalizer
{
    /// <summary>Writes the field without its final line end; <paramref name="withLineEnd"/> adds CRLF (also where the message ends without one).</summary>
    public static void Write(ReadOnlySpan<byte> field, Canonicalization canonicalization, IBufferWriter<byte> output, bool withLineEnd = true)
    {
        field = field is [.. var text, (byte)'\r', (byte)'\n'] ? text : field;
        var writer = new OctetWriter(output);
        if (canonicalization == Canonicalization.Simple)
        {
            writer.Write(field);
        }
        else
        {
            WriteRelaxed(field, ref writer);
        }

        if (withLineEnd)
        {
            writer.Write("\r\n"u8);
        }

        writer.Flush();
    }

    private static void WriteRelaxed(ReadOnlySpan<byte> field, ref OctetWriter output)
    {
        var colon = Math.Max(field.IndexOf((byte)':'), 0);
        output.WriteLower(field[..colon].TrimEnd(" \t"u8));
        output.Write(":"u8);

        var value = field[Math.Min(colon + 1, field.Length)..];
        value = value[WhiteSpace(value)..];
        while (!value.IsEmpty)
        {
            var run = RelaxedText.Unchanged(value, folds: true);
            output.Write(value[..run]);
            value = value[run..];
            var white = WhiteSpace(value);
            value = value[white..];
            if (white > 0 && !value.IsEmpty)
            {
                output.Write(" "u8);
            }
        }
    }

    /// <summary>The length of the white space at the start, folds included; a CR without LF is none.</summary>
    private static int WhiteSpace(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length)
        {
            switch (text[length])
            {
                case (byte)' ' or (byte)'\t':
                    length++;
                    break;
                case (byte)'\r' when length + 1 < text.Length && text[length + 1] == '\n':
                    length += 2;
                    break;
                default:
                    return length;
            }
        }

        return length;
    }
}
