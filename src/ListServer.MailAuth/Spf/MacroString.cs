using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;

namespace ListServer.MailAuth.Spf;

/// <summary>One part of a macro-string: literal text, or a macro with its transformers.</summary>
/// <param name="Literal">The text, or null for a macro.</param>
/// <param name="Letter">The macro letter in lower case.</param>
/// <param name="IsEscaped">True for an upper-case letter: the value is URL-escaped (RFC 7208 §7.3).</param>
/// <param name="Keep">How many right-hand parts are kept; 0 for all.</param>
/// <param name="IsReversed">True for the transformer r.</param>
/// <param name="Delimiters">The characters that split the value.</param>
internal sealed record MacroPart(string? Literal, char Letter, bool IsEscaped, int Keep, bool IsReversed, string Delimiters);

/// <summary>Where a macro-string stands, which decides what it may hold (RFC 7208 §7.1).</summary>
internal enum MacroPlace
{
    /// <summary>A domain-spec: the end must be a top label or a macro; c, r and t are not allowed.</summary>
    Domain,

    /// <summary>The value of an unknown modifier.</summary>
    Modifier,

    /// <summary>An explanation text: spaces and all letters are allowed.</summary>
    Explanation,
}

/// <summary>A parsed macro-string (RFC 7208 §7.1).</summary>
internal sealed record MacroString(ImmutableArray<MacroPart> Parts)
{
    /// <summary>Far more than a name of 253 octets can be made of; macros that expand to nothing cost time all the same (AUTH-98).</summary>
    private const int MaximumParts = 500;

    private const string Letters = "slodiphvcrt";
    private const string ExplanationLetters = "crt";
    private static readonly SearchValues<char> AllDelimiters = SearchValues.Create(".-+,/_=");

    /// <summary>True when a macro s or l stands in it.</summary>
    public bool UsesLocalPart => Parts.Any(p => p.Literal is null && p.Letter is 's' or 'l');

    /// <summary>Reads a macro-string; what is wrong is told in <paramref name="fault"/>.</summary>
    public static MacroString? Parse(string text, MacroPlace place, out string? fault)
    {
        var parts = ImmutableArray.CreateBuilder<MacroPart>();
        fault = place == MacroPlace.Domain && text.Length == 0 ? "the domain is empty" : null;
        var endsInMacro = false;
        for (var i = 0; i < text.Length && fault is null;)
        {
            endsInMacro = text[i] == '%';
            i = endsInMacro ? ReadMacro(text, i, place, parts, out fault) : ReadLiteral(text, i, place, parts, out fault);
            fault ??= parts.Count > MaximumParts ? $"more than {MaximumParts} macros and texts between them" : null;
        }

        // RFC 7208 §7.1: domain-end is a top label or a macro-expand, and %%, %_ and %- are of the latter.
        if (fault is null && place == MacroPlace.Domain && !endsInMacro && !EndsInTopLabel(text))
        {
            fault = $"\"{text}\" ends neither in a top-level label nor in a macro";
        }

        return fault is null ? new MacroString(parts.ToImmutable()) : null;
    }

    private static int ReadLiteral(string text, int start, MacroPlace place, ImmutableArray<MacroPart>.Builder parts, out string? fault)
    {
        fault = null;
        var end = start;
        while (end < text.Length && text[end] != '%')
        {
            if (text[end] is < ' ' or > '~' || (text[end] == ' ' && place != MacroPlace.Explanation))
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"octet {(int)text[end]} is not allowed");
                return end;
            }

            end++;
        }

        parts.Add(Literal(text[start..end]));
        return end;
    }

    private static int ReadMacro(string text, int start, MacroPlace place, ImmutableArray<MacroPart>.Builder parts, out string? fault)
    {
        fault = null;
        var escaped = start + 1 < text.Length ? text[start + 1] : '\0';
        var literal = escaped switch { '%' => "%", '_' => " ", '-' => "%20", _ => null };
        if (literal is not null)
        {
            parts.Add(Literal(literal));
            return start + 2;
        }

        var close = text.IndexOf('}', start);
        if (escaped != '{' || close < 0)
        {
            fault = "% is followed by none of { % _ -, or the macro is not closed";
            return text.Length;
        }

        if (ParseMacro(text.AsSpan(start + 2, close - start - 2), place) is { } part)
        {
            parts.Add(part);
        }
        else
        {
            fault = $"\"{text.AsSpan(start, close + 1 - start)}\" is not a macro";
        }

        return close + 1;
    }

    /// <summary>macro-letter *DIGIT ["r"] *delimiter</summary>
    private static MacroPart? ParseMacro(ReadOnlySpan<char> body, MacroPlace place)
    {
        if (body.IsEmpty || !Letters.Contains(char.ToLowerInvariant(body[0]), StringComparison.Ordinal)
            || (place == MacroPlace.Domain && ExplanationLetters.Contains(char.ToLowerInvariant(body[0]), StringComparison.Ordinal)))
        {
            return null;
        }

        var digits = 1;
        while (digits < body.Length && char.IsAsciiDigit(body[digits]))
        {
            digits++;
        }

        var isReversed = digits < body.Length && body[digits] is 'r' or 'R';
        var delimiters = body[(digits + (isReversed ? 1 : 0))..];
        var keep = 0;

        // RFC 7208 §7.1: a DIGIT transformer must be nonzero. No value has more parts than an int can count.
        if (delimiters.ContainsAnyExcept(AllDelimiters)
            || (digits > 1 && (!int.TryParse(body[1..digits], NumberStyles.None, CultureInfo.InvariantCulture, out keep) || keep == 0)))
        {
            return null;
        }

        return new MacroPart(
            null, char.ToLowerInvariant(body[0]), char.IsAsciiLetterUpper(body[0]), keep, isReversed, delimiters.IsEmpty ? "." : delimiters.ToString());
    }

    private static MacroPart Literal(string text) => new(text, '\0', false, 0, false, "");

    /// <summary>"." toplabel [ "." ], where a toplabel is not all digits and neither begins nor ends with a hyphen.</summary>
    private static bool EndsInTopLabel(string text)
    {
        var name = text.AsSpan();
        name = name.EndsWith('.') ? name[..^1] : name;
        var dot = name.LastIndexOf('.');
        var label = name[(dot + 1)..];
        var isAlphanumeric = true;
        var isNumeric = true;
        foreach (var c in label)
        {
            isAlphanumeric &= char.IsAsciiLetterOrDigit(c) || c == '-';
            isNumeric &= char.IsAsciiDigit(c);
        }

        return dot >= 0 && isAlphanumeric && !isNumeric && label is not ['-', ..] && label is not [.., '-'];
    }
}
