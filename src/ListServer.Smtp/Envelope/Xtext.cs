using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ListServer.Smtp;

/// <summary>xtext: printable ASCII in which +, = and all else are written as +XX (RFC 3461 §4).</summary>
internal static class Xtext
{
    /// <summary>False for what is not xtext, and for what does not decode to printable ASCII.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '+')
            {
                if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                    return false;
                c = (char)octet;
                i += 2;
            }
            if (c is < ' ' or > '~')
                return false;
            result.Append(c);
        }
        decoded = result.ToString();
        return true;
    }
}
