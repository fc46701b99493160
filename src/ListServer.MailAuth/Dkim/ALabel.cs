using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>Domain names and selectors of signatures, as they are asked for in DNS (RFC 6376 §3.5, RFC 8616 §4).</summary>
internal static class ALabel
{
    private const int MaximumName = 253;
    private const int MaximumLabel = 63;

    // Mapping and bidi checks of IDNA; unassigned code points are refused.
    private static readonly IdnMapping Idna = new() { UseStd3AsciiRules = false };

    /// <summary>
    /// The name in lower-case A-labels, when it is one or more labels of letters, digits, "-" and "_" (found in real selectors),
    /// or U-labels for such. A NUL, a quote, an empty label or a final dot make it none.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out string? name)
    {
        name = Ascii.IsValid(utf8) ? Encoding.ASCII.GetString(utf8).ToLowerInvariant() : FromULabels(utf8);
        if (name is not null && !IsName(name))
        {
            name = null;
        }

        return name is not null;
    }

    /// <summary>True for <paramref name="domain"/> itself and what is below it; both in lower-case A-labels.</summary>
    public static bool IsWithin(string name, string domain) =>
        name.EndsWith(domain, StringComparison.Ordinal)
        && (name.Length == domain.Length || name[name.Length - domain.Length - 1] == '.');

    private static string? FromULabels(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Idna.GetAscii(Encoding.UTF8.GetString(utf8)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > MaximumName)
        {
            return false;
        }

        var label = 0;
        foreach (var c in name)
        {
            label = c == '.' ? 0 : label + 1;
            if (label > MaximumLabel || !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'))
            {
                return false;
            }
        }

        return label > 0 && name[0] != '.' && !name.Contains("..", StringComparison.Ordinal);
    }
}
