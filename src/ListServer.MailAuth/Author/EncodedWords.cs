using System.Globalization;
using System.Text;

namespace ListServer.MailAuth.Author;

/// <summary>Decodes the encoded words of a display name (RFC 2047). What can't be decoded stays as it is.</summary>
internal static class EncodedWords
{
    /// <summary>RFC 2047 §2 allows 75 characters; some senders write more. The bound keeps hostile text from being searched over and over.</summary>
    private const int MaxWord = 512;

    /// <summary>
    /// The text with its encoded words decoded, and without control characters. White space between two of them falls away (§6.2);
    /// neighbours of one charset are decoded together, since senders do split characters.
    /// </summary>
    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        var octets = new List<byte>();
        Encoding? charset = null;
        var wordEnd = -1;
        for (var at = 0; at < text.Length;)
        {
            if (TryReadWord(text, at, out var end, out var encoding, out var decoded))
            {
                if (charset is not null && charset != encoding)
                {
                    Flush(result, octets, charset);
                }

                charset = encoding;
                octets.AddRange(decoded);
                at = wordEnd = end;
            }
            else if (wordEnd >= 0 && text[at] is ' ' or '\t')
            {
                at++;
            }
            else
            {
                Flush(result, octets, charset);
                charset = null;
                result.Append(text, wordEnd < 0 ? at : wordEnd, at + 1 - (wordEnd < 0 ? at : wordEnd));
                wordEnd = -1;
                at++;
            }
        }

        Flush(result, octets, charset);
        return string.Concat(result.ToString().Where(c => !char.IsControl(c)));
    }

    private static void Flush(StringBuilder result, List<byte> octets, Encoding? charset)
    {
        result.Append(charset?.GetString([.. octets]));
        octets.Clear();
    }

    /// <summary>"=?" charset ["*" language] "?" encoding "?" text "?="</summary>
    private static bool TryReadWord(string text, int at, out int end, out Encoding encoding, out byte[] octets)
    {
        (end, encoding, octets) = (at, Encoding.UTF8, []);
        if (at + 2 > text.Length || text[at] != '=' || text[at + 1] != '?')
        {
            return false;
        }

        var charsetEnd = text.IndexOf('?', at + 2, Math.Min(MaxWord, text.Length - at - 2));
        if (charsetEnd < 0 || charsetEnd + 2 >= text.Length || text[charsetEnd + 2] != '?')
        {
            return false;
        }

        var close = text.IndexOf("?=", charsetEnd + 3, Math.Min(MaxWord, text.Length - charsetEnd - 3), StringComparison.Ordinal);
        if (close < 0 || Charset(text[(at + 2)..charsetEnd].Split('*')[0]) is not { } charset)
        {
            return false;
        }

        var body = text.AsSpan(charsetEnd + 3, close - charsetEnd - 3);
        var decoded = char.ToUpperInvariant(text[charsetEnd + 1]) switch { 'B' => Base64(body), 'Q' => Quoted(body), _ => null };
        (end, encoding, octets) = (close + 2, charset, decoded ?? []);
        return decoded is not null;
    }

    private static Encoding? Charset(string name)
    {
        if (name.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8;
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static byte[]? Base64(ReadOnlySpan<char> body)
    {
        var octets = new byte[(body.Length / 4 * 3) + 3];
        var padded = body.Length % 4 == 0 ? body : string.Concat(body, "===".AsSpan(0, 4 - (body.Length % 4)));
        return Convert.TryFromBase64Chars(padded, octets, out var length) ? octets[..length] : null;
    }

    private static byte[]? Quoted(ReadOnlySpan<char> body)
    {
        var octets = new List<byte>(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '=')
            {
                if (!char.IsAscii(body[i]))
                {
                    return null;
                }

                octets.Add(body[i] == '_' ? (byte)' ' : (byte)body[i]);
                continue;
            }

            if (i + 2 >= body.Length || !byte.TryParse(body.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return null;
            }

            octets.Add(octet);
            i += 2;
        }

        return [.. octets];
    }
}
