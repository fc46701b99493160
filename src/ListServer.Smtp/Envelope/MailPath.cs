using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ListServer.Smtp;

/// <summary>Reads the reverse-path or forward-path of MAIL and RCPT (RFC 5321 §4.1.2, RFC 6531 §3.3).</summary>
/// <remarks>
/// The answer is one spelling for each mailbox: a source route is dropped (§4.1.1.3, appendix C), and a local part is quoted only where
/// it has to be, as §4.1.2 wants them compared.
/// </remarks>
internal ref struct MailPath
{
    /// <summary>§4.5.3.1.1 asks for 64 octets at least; senders that put a recipient into it (VERP, SRS) pass that.</summary>
    private const int MaxLocalPart = 255;

    /// <summary>RFC 5321 §4.5.3.1.2.</summary>
    private const int MaxDomain = 255;

    private const int MaxLabel = 63;

    private const string AtextBesideLettersAndDigits = "!#$%&'*+-/=?^_`{|}~";

    private static readonly SearchValues<char> Atext =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + AtextBesideLettersAndDigits);

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private MailPath(ReadOnlySpan<char> text) => _text = text;

    /// <summary>
    /// Reads a path in angle brackets at the start of <paramref name="text"/>; <paramref name="rest"/> is what follows. The answer
    /// is empty for &lt;&gt; and may be "postmaster" without a domain (RFC 5321 §4.5.1); whether either may stand here is the caller's question.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? address, out ReadOnlySpan<char> rest)
    {
        var path = new MailPath(text);
        address = path.Read();
        rest = address is null ? text : text[path._at..];
        return address is not null && (rest.IsEmpty || rest[0] == ' ');
    }

    private string? Read()
    {
        if (!Take('<'))
            return null;
        if (Take('>'))
            return "";
        if (Peek() == '@' && !SkipSourceRoute())
            return null;
        if (ReadLocalPart() is not { } local || Encoding.UTF8.GetByteCount(local) > MaxLocalPart)
            return null;
        if (Take('>'))
            return local.Equals("postmaster", StringComparison.OrdinalIgnoreCase) ? local : null;
        if (!Take('@') || ReadDomain() is not { } domain || !Take('>'))
            return null;
        return $"{local}@{domain}";
    }

    private bool SkipSourceRoute()
    {
        do
        {
            if (!Take('@') || ReadDomain() is null)
                return false;
        }
        while (Take(','));
        return Take(':');
    }

    private string? ReadLocalPart()
    {
        var text = Peek() == '"' ? ReadQuotedString() : ReadDotString();
        return text is null || IsDotString(text) ? text : Quote(text);
    }

    private string? ReadDotString()
    {
        var rest = _text[_at..];
        var length = rest.IndexOfAny('@', '>');
        if (length < 0)
            return null;
        _at += length;
        var text = rest[..length].ToString();
        return IsDotString(text) ? text : null;
    }

    private string? ReadQuotedString()
    {
        var content = new StringBuilder();
        _at++;
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c == '"')
                return content.ToString();
            if (c == '\\')
            {
                // quoted-pairSMTP = %d92 %d32-126
                if (_at == _text.Length || _text[_at] is < ' ' or > '~')
                    return null;
                c = _text[_at++];
            }
            content.Append(c);
        }
        return null;
    }

    private string? ReadDomain()
    {
        var rest = _text[_at..];
        var length = Peek() == '[' ? rest.IndexOf(']') + 1 : rest.IndexOfAny(">,:");
        if (length <= 0)
            return null;
        _at += length;
        var domain = rest[..length];
        var isValid = domain[0] == '[' ? AddressLiteral.IsValid(domain) : IsDomain(domain);
        return isValid ? domain.ToString() : null;
    }

    private static bool IsDotString(string text)
    {
        foreach (var atom in text.AsSpan().Split('.'))
        {
            var span = text.AsSpan()[atom];
            if (span.IsEmpty || !AllAtext(span))
                return false;
        }
        return true;
    }

    private static bool AllAtext(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii ? !Atext.Contains((char)rune.Value) : !IsUtf8Text(rune))
                return false;
        }
        return true;
    }

    /// <summary>An underscore passes: there are domains that receive mail under such names, though RFC 5321 §2.3.5 has none.</summary>
    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (Encoding.UTF8.GetByteCount(domain) > MaxDomain)
            return false;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-')
                return false;
            foreach (var rune in label.EnumerateRunes())
            {
                if (!IsDomainRune(rune))
                    return false;
            }
        }
        return true;
    }

    private static bool IsDomainRune(Rune rune)
    {
        if (rune.IsAscii)
            return char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '-' or '_';
        // U-labels hold letters, marks and digits (RFC 5892 §2.1), and a few marks of their own: middle dots, joiners.
        return Rune.IsLetterOrDigit(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            || rune.Value is 0xB7 or 0x30FB or 0x200C or 0x200D;
    }

    /// <summary>Any character of UTF-8 (RFC 6531 §3.3) but controls, line and paragraph separators, and unpaired surrogates.</summary>
    private static bool IsUtf8Text(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);

    private static string? Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii && !IsUtf8Text(rune))
                return null;
            if (rune.Value is '"' or '\\')
                quoted.Append('\\');
            quoted.Append(rune.ToString());
        }
        return quoted.Append('"').ToString();
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(char c)
    {
        if (Peek() != c)
            return false;
        _at++;
        return true;
    }
}
