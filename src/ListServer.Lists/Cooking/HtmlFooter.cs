using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ListServer.Lists.Cooking;

/// <summary>Puts the list's lines into an HTML text: in front of its end or behind its beginning, the rest octet by octet.</summary>
internal static class HtmlFooter
{
    /// <summary>The body with the lines, or null where they do not fit in.</summary>
    /// <param name="body">The text.</param>
    /// <param name="entity">What it is.</param>
    /// <param name="html">The lines, as HTML.</param>
    /// <param name="isAbove">True to put them at its beginning.</param>
    public static byte[]? Insert(ReadOnlyMemory<byte> body, BodyEntity entity, string html, bool isAbove)
    {
        // In ISO-2022-JP "<" may be half of a character.
        if (Charset.Find(entity.Charset) is null || entity.Charset is "iso-2022-jp")
        {
            return null;
        }

        var lines = Ascii(html);
        return entity.Encoding switch
        {
            "7bit" or "8bit" or "binary" => Octets.HasLongLine(lines) ? null : Insert(body.Span, [.. "\r\n"u8, .. lines], isAbove),

            // RFC 2045 §6.7: a soft break on both sides, so that no line grows.
            "quoted-printable" => Insert(body.Span, [.. "=\r\n"u8, .. Octets.ToQuotedPrintable(lines), .. "=\r\n"u8], isAbove),
            "base64" => Decode(body.Span) is { } text ? Octets.ToBase64(Insert(text, lines, isAbove)) : null,
            _ => null,
        };
    }

    private static byte[] Insert(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lines, bool isAbove)
    {
        var at = isAbove ? Begin(text) : End(text);
        return [.. text[..at], .. lines, .. text[at..]];
    }

    private static int Begin(ReadOnlySpan<byte> text)
    {
        var body = Find(text, "<body"u8, last: false);
        var close = body < 0 ? -1 : text[body..].IndexOf((byte)'>');
        return close < 0 ? 0 : body + close + 1;
    }

    private static int End(ReadOnlySpan<byte> text)
    {
        var body = Find(text, "</body"u8, last: true);
        return body < 0 ? text.TrimEnd("\r\n"u8).Length : body;
    }

    private static int Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag, bool last)
    {
        var found = -1;
        for (var from = 0; text[from..].IndexOf((byte)'<') is >= 0 and var open; from += open + 1)
        {
            var at = from + open;
            if (text.Length - at >= tag.Length && System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, tag.Length), tag))
            {
                found = at;
                if (!last)
                {
                    break;
                }
            }
        }

        return found;
    }

    // Numbers for what is not ASCII: right in every charset.
    private static byte[] Ascii(string html)
    {
        var text = new StringBuilder(html.Length + 16);
        foreach (var rune in html.ReplaceLineEndings("\r\n").EnumerateRunes())
        {
            _ = rune.IsAscii ? text.Append(rune.ToString()) : text.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
        }

        return Encoding.ASCII.GetBytes(text.Append(html.EndsWith('\n') ? "" : "\r\n").ToString());
    }

    private static byte[]? Decode(ReadOnlySpan<byte> base64)
    {
        var text = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, text, out _, out var written) is OperationStatus.Done ? text[..written] : null;
    }
}
