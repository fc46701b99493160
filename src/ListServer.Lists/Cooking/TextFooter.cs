using System.Buffers.Text;

namespace ListServer.Lists.Cooking;

/// <summary>Puts the footer behind a text without touching an octet of it, but for the last group of base64.</summary>
internal static class TextFooter
{
    /// <summary>The body with the footer, or null where the footer does not fit in as text.</summary>
    public static byte[]? Append(ReadOnlyMemory<byte> body, BodyEntity entity, FooterText footer)
    {
        var text = entity.IsFlowed ? Fixed(footer.Text) : footer.Text;
        if (Charset.Find(entity.Charset) is not { } encoding || Charset.TryEncode(encoding, text) is not { } octets)
        {
            return null;
        }

        var span = body.Span;
        return entity.Encoding switch
        {
            "7bit" when !octets.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)127) => AppendPlain(span, entity, octets),
            "8bit" or "binary" => AppendPlain(span, entity, octets),
            "quoted-printable" => AppendQuotedPrintable(span, octets),
            "base64" => AppendBase64(span, octets),
            _ => null,
        };
    }

    /// <summary>The body behind the list's header, or null where the header does not fit in as text.</summary>
    public static byte[]? Prepend(ReadOnlyMemory<byte> body, BodyEntity entity, FooterText header)
    {
        var text = entity.IsFlowed ? Fixed(header.Text) : header.Text;
        if (Charset.Find(entity.Charset) is not { } encoding || Charset.TryEncode(encoding, text) is not { } octets)
        {
            return null;
        }

        return entity.Encoding switch
        {
            "7bit" when !octets.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)127) && !Octets.HasLongLine(octets) => [.. octets, .. body.Span],
            "8bit" or "binary" when !Octets.HasLongLine(octets) => [.. octets, .. body.Span],
            "quoted-printable" => [.. Octets.ToQuotedPrintable(octets), .. body.Span],

            // Whole groups of three octets, so that the author's base64 stays: up to two empty lines fill the last one.
            "base64" when LastGroup(body.Span) is not null => [.. Octets.ToBase64([.. octets, .. Enumerable.Repeat("\r\n"u8.ToArray(), octets.Length % 3).SelectMany(line => line)]), .. body.Span.TrimStart("\r\n \t"u8)],
            _ => null,
        };
    }

    // RFC 3676 §4.4: "From ", ">" or a space at a line's start is stuffed. A space at its end would join it with the next one, but
    // for "-- " (§4.3), and the footer has no other.
    private static string Fixed(string text) =>
        string.Join("\r\n", text.Split("\r\n").Select(l => l.StartsWith(' ') || l.StartsWith('>') || l.StartsWith("From ", StringComparison.Ordinal) ? " " + l : l));

    private static byte[]? AppendPlain(ReadOnlySpan<byte> body, BodyEntity entity, ReadOnlySpan<byte> footer) =>
        Octets.HasLongLine(footer) ? null : [.. body, .. LineEnd(body), .. entity.Charset is "iso-2022-jp" ? ToAscii(body) : [], .. footer];

    private static byte[] AppendQuotedPrintable(ReadOnlySpan<byte> body, ReadOnlySpan<byte> footer)
    {
        // A soft break at the very end joins nothing; the line that it left open has to end.
        var end = LineEnd(body);
        var isOpen = body.TrimEnd("\r\n \t"u8) is [.., (byte)'='] && (end.Length > 0 || body.EndsWith("=\r\n"u8));
        return [.. body, .. end, .. isOpen ? "\r\n"u8 : [], .. Octets.ToQuotedPrintable(footer)];
    }

    private static byte[]? AppendBase64(ReadOnlySpan<byte> body, ReadOnlySpan<byte> footer)
    {
        if (LastGroup(body) is not { } cut)
        {
            return null;
        }

        // The last group is read for its octets, and to see whether the text ends its line.
        Span<byte> tail = stackalloc byte[3];
        Span<byte> group = stackalloc byte[4];
        var filled = 0;
        foreach (var c in body[cut..])
        {
            if (!IsWhiteSpace(c))
            {
                group[filled++] = c;
            }
        }

        Base64.DecodeFromUtf8(group[..filled], tail, out _, out var length);
        tail = tail[..length];
        var kept = body[..cut].TrimEnd("\r\n \t"u8);
        byte[] last = [.. tail, .. filled == 0 || tail.EndsWith("\n"u8) ? [] : "\r\n"u8, .. footer];
        return [.. kept, .. kept.IsEmpty ? [] : "\r\n"u8, .. Octets.ToBase64(last)];
    }

    // Where the last group of four begins; the whole length for an empty body; null when this is no sound base64.
    private static int? LastGroup(ReadOnlySpan<byte> body)
    {
        var (count, start, padding) = (0, body.Length, 0);
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (IsWhiteSpace(c))
            {
                continue;
            }

            padding += c == (byte)'=' ? 1 : 0;
            if ((padding > 0 && c != (byte)'=') || padding > 2 || !(c is (byte)'=' or (byte)'+' or (byte)'/' || char.IsAsciiLetterOrDigit((char)c)))
            {
                return null;
            }

            start = count % 4 == 0 ? i : start;
            count++;
        }

        return count % 4 == 0 ? start : null;
    }

    private static bool IsWhiteSpace(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static ReadOnlySpan<byte> LineEnd(ReadOnlySpan<byte> body) => body.IsEmpty || body.EndsWith("\n"u8) ? [] : "\r\n"u8;

    // RFC 1468: a text ends in ASCII; one that does not would take the footer for kanji.
    private static ReadOnlySpan<byte> ToAscii(ReadOnlySpan<byte> body)
    {
        var escape = body.LastIndexOf((byte)0x1b);
        return escape < 0 || body[escape..].StartsWith("\u001b(B"u8) || body[escape..].StartsWith("\u001b(J"u8) ? [] : "\u001b(B"u8;
    }
}
