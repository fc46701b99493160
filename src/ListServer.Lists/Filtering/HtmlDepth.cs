using System.Text.RegularExpressions;

namespace ListServer.Lists.Filtering;

/// <summary>Whether HTML is made to break parsers: they go down as deep as it is nested, and their stack ends.</summary>
public static partial class HtmlDepth
{
    private const int MaxDepth = 200;
    private const int MaxTags = 20_000;

    /// <summary>True for HTML that nests deeper, or has more tags, than anything that people write.</summary>
    public static bool IsTooDeep(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        var (depth, tags) = (0, 0);
        foreach (var match in Tag().EnumerateMatches(html))
        {
            var isEnd = html[match.Index + 1] == '/';
            depth = isEnd ? Math.Max(0, depth - 1) : depth + (Single().IsMatch(html.AsSpan(match.Index, match.Length)) ? 0 : 1);
            if (depth > MaxDepth || ++tags > MaxTags)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("</?[a-z][a-z0-9]*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    // Tags that hold nothing, or end where the next of their kind begins.
    [GeneratedRegex("^<(?:br|hr|img|input|meta|link|area|base|col|wbr|p|li|td|th|tr|tbody|thead|tfoot|dt|dd|option)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Single();
}
