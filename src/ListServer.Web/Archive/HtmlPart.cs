using System.Text;
using System.Text.RegularExpressions;
using Ganss.Xss;
using ListServer.Lists.Archiving;
using ListServer.Lists.Filtering;
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

    // Once it is set up any number may use it side by side.
    private static readonly HtmlSanitizer Sanitizer = Make();

    /// <param name="http">What it answers.</param>
    /// <param name="html">As it came.</param>
    /// <param name="isMasked">False for those who decide about it, who see whole addresses.</param>
    public static IResult Answer(HttpContext http, string html, bool isMasked = true)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Text(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex\"><title></title>"
            + "<style>:root{color-scheme:light}body{font:16px/1.5 system-ui,sans-serif;background:#fff;color:#000;overflow-wrap:anywhere}</style></head><body>" + Clean(html, isMasked) + "</body></html>",
            "text/html; charset=utf-8",
            Encoding.UTF8);
    }

    /// <summary>What may be shown of it; empty when it is made to break parsers.</summary>
    internal static string Clean(string html, bool isMasked = true)
    {
        if (HtmlDepth.IsTooDeep(html))
        {
            return "";
        }

        var clean = Sanitizer.Sanitize(html);
        return isMasked ? AddressMask.Text(clean) : clean;
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

    [GeneratedRegex("^data:image/(?:png|gif|jpeg|webp);base64,", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Picture();
}
