using System.Globalization;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>The Agent or User Identifier of i= (RFC 6376 §3.5): [ Local-part ] "@" domain-name in DKIM-Quoted-Printable.</summary>
/// <param name="LocalPart">Before the "@", as written; may be empty.</param>
/// <param name="Domain">Behind it, in lower-case A-labels.</param>
internal sealed record Auid(string LocalPart, string Domain)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the value of i=, or returns null when it is no identifier.</summary>
    public static Auid? Read(ReadOnlySpan<byte> value)
    {
        if (QuotedPrintable(value) is not { } decoded || Text(decoded) is not { } text)
        {
            return null;
        }

        // A quoted local part may hold "@" and a domain name can't, so it is the last one that divides.
        var at = text.LastIndexOf('@');
        return at >= 0 && IsLocalPart(text.AsSpan(0, at)) && DomainName.ToAscii(text[(at + 1)..]) is { } domain
            ? new Auid(text[..at], domain)
            : null;
    }

    private static string? Text(byte[] octets)
    {
        try
        {
            return Strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>
    /// Dot-string or Quoted-string of RFC 5321 §4.1.2, with the UTF-8 of RFC 6531 §3.3; absent it may be here. Dots may stand anywhere, as in
    /// old addresses of Japanese telephones.
    /// </summary>
    private static bool IsLocalPart(ReadOnlySpan<char> text) => text is [] || (text[0] == '"' ? IsQuoted(text) : IsDotString(text));

    private static bool IsDotString(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c != '.' && !IsAtomText(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<char> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                return at == text.Length - 1;
            }

            // quoted-pairSMTP: "\" and any printable ASCII character; what follows a "\" at the end is missing.
            if (text[at] == '\\' && (++at == text.Length || text[at] > '~'))
            {
                return false;
            }

            if (char.IsControl(text[at]))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsAtomText(char c) => c < '\x80' ? char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal) : !char.IsControl(c);

    /// <summary>DKIM-Quoted-Printable (RFC 6376 §2.11): "=" and two hexadecimal digits, white space left out; null when malformed.</summary>
    private static byte[]? QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var decoded = new List<byte>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (Fws.Length(text[at..]) is var white and > 0)
            {
                at += white;
            }
            else if (text[at] != '=')
            {
                decoded.Add(text[at++]);
            }
            else if (at + 3 <= text.Length && byte.TryParse(text.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, null, out var octet))
            {
                decoded.Add(octet);
                at += 3;
            }
            else
            {
                return null;
            }
        }

        return [.. decoded];
    }
}
