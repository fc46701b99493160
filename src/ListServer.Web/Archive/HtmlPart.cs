using System.Text;
using System.Text.RegularExpressions;
using Ganss.Xss;
using ListServer.Lists.Archiving;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Archive;

/// <summary>
/// A message's HTML as a document of its own, for a sandboxed frame (SEC-22): cleaned by a list of what may stay, without anything that loads from elsewhere,
/// and under a policy that would stop whatever the cleaning missed.
/// </summary>
internal static partial class HtmlPart
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    // Parsers of HTML go down as deep as it is nested, and their stack ends.
    private const int MaxDepth = 200;
    private const int MaxTags = 20_000;

    // Once it is set up any number may use it side by side.
    private static readonly HtmlSanitizer Sanitizer = Make();

    public static IResult Answer(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Text(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex\"><title></title>"
            + "<style>:root{color-scheme:light}body{font:16px/1.5 system-ui,sans-serif;background:#fff;color:#000;overflow-wrap:anywhere}</style></head><body>" + Clean(html) + "</body></html>",
            "text/html; charset=utf-8",
            Encoding.UTF8);
    }

    /// <summary>What may be shown of it; empty when it is made to break parsers.</summary>
    internal static string Clean(string html)
    {
        if (IsTooDeep(html))
        {
            return "";
        }

        return AddressMask.Text(Sanitizer.Sanitize(html));
    }

    private static HtmlSanitizer Make()
    {
        var sanitizer = new HtmlSanitizer();
        foreach (var tag in (string[])["form", "input", "button", "select", "option", "optgroup", "textarea", "label", "fieldset", "legend", "datalist", "keygen", "output", "progress", "meter", "menu", "menuitem"])
        {
            sanitizer.AllowedTags.Remove(tag);
        }

        sanitizer.AllowedAttributes.Remove("action");
        sanitizer.AllowedAttributes.Remove("background");
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["http", "https", "mailto", "data"]);
        sanitizer.FilterUrl += (_, url) => url.SanitizedUrl = IsAllowed(url.Tag.TagName, url.OriginalUrl) ? url.SanitizedUrl : null;
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is AngleSharp.Dom.IElement { TagName: "A" } link)
            {
                link.SetAttribute("target", "_blank");
                link.SetAttribute("rel", "nofollow noopener noreferrer ugc");
            }
        };
        return sanitizer;
    }

    // A link may lead away; a picture comes with the message or not at all, as loading one tells its sender who reads.
    private static bool IsAllowed(string tag, string url)
    {
        url = url.Trim();
        return tag.Equals("A", StringComparison.OrdinalIgnoreCase)
            ? url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            : tag.Equals("IMG", StringComparison.OrdinalIgnoreCase) && Picture().IsMatch(url);
    }

    private static bool IsTooDeep(string html)
    {
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

    [GeneratedRegex("^data:image/(?:png|gif|jpeg|webp);base64,", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Picture();

    [GeneratedRegex("</?[a-z][a-z0-9]*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    // Tags that hold nothing, or end where the next of their kind begins.
    [GeneratedRegex("^<(?:br|hr|img|input|meta|link|area|base|col|wbr|p|li|td|th|tr|tbody|thead|tfoot|dt|dd|option)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Single();
}
