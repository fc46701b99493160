using System.Net;
using System.Text;

namespace ListServer.Lists.Bounces;

/// <summary>The words of an HTML text in lines, in one pass: good enough to find an address in, and never shown to anyone.</summary>
internal static class HtmlWords
{
    /// <summary>The text without its tags; a tag that ends a line in a browser ends one here.</summary>
    public static string Read(string html)
    {
        var words = new StringBuilder();
        var rest = html.AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open)
        {
            Append(words, rest[..open]);
            rest = rest[(open + 1)..];
            if (rest.IndexOf('>') is not (>= 0 and var close))
            {
                return words.ToString();
            }

            words.Append(EndsLine(rest[..close]) ? "\n" : "");
            rest = rest[(close + 1)..];
        }

        Append(words, rest);
        return words.ToString();
    }

    private static bool EndsLine(ReadOnlySpan<char> tag)
    {
        var name = tag.TrimStart('/');
        var end = name.IndexOfAny(" \t\r\n/");
        name = end < 0 ? name : name[..end];
        return name.Length <= 3 && name.ToString().ToUpperInvariant() is "BR" or "P" or "DIV" or "TR" or "LI" or "TD" or "HR" or "PRE" or "H1" or "H2" or "H3";
    }

    private static void Append(StringBuilder words, ReadOnlySpan<char> text) =>
        words.Append(WebUtility.HtmlDecode(text.ToString()));
}
