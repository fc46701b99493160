using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using ListServer.Lists.Archiving;
using ListServer.Lists.Mitigation;

namespace ListServer.Lists.Notices;

/// <summary>A list's header and footer: lines as they stand or, where {{ or {% stands in them, a Liquid template.</summary>
public static class ListText
{
    /// <summary>The longest that one may be, written and filled in.</summary>
    public const int MaxLength = 10_000;

    private const int MaxFilled = 20_000;
    private const int MaxValue = 200;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The names of the values that one may use.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Sample("").Keys];

    /// <summary>What is wrong with one, with its line and what to do; null for nothing.</summary>
    /// <param name="source">Its text.</param>
    public static string? Problem(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > MaxLength)
        {
            return $"It is longer than {MaxLength:N0} characters.";
        }

        if (!IsTemplate(source))
        {
            return null;
        }

        if (!Liquid.TryParse(source, out var template, out var problem))
        {
            return problem;
        }

        try
        {
            // Every branch that asks whether there is a value; the longest values are the sample.
            var filled = Liquid.Render(template, Sample(new string('x', MaxValue)));
            Liquid.Render(template, Sample(""));
            return filled.Length > MaxFilled ? $"Filled in it is longer than {MaxFilled:N0} characters." : null;
        }
        catch (Exception fault) when (fault is FluidException or InvalidOperationException)
        {
            // Fluid says so of a value or filter that is not there, and of a loop without end.
            return Liquid.Explain(fault, source, Names);
        }
    }

    /// <summary>One filled in; as it stands where it is no template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="values">The values of <see cref="Names"/>.</param>
    /// <param name="isHtml">True to write values as HTML.</param>
    internal static string Fill(string source, IReadOnlyDictionary<string, object> values, bool isHtml = false)
    {
        if (!IsTemplate(source) || Liquid.Find(source) is not { } template)
        {
            // Lists of before there were templates may have any braces in their footer: those are words.
            return source;
        }

        try
        {
            return Liquid.Render(template, values, isHtml ? Html : null);
        }
        catch (Exception fault) when (fault is FluidException or InvalidOperationException)
        {
            // Only for one that was never checked: a post goes out without it rather than not at all.
            return "";
        }
    }

    /// <summary>The values for one post.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post.</param>
    /// <param name="web">Where the pages are; null for nowhere.</param>
    /// <param name="link">Where the archive shows the post; null where its readers can't open it.</param>
    internal static IReadOnlyDictionary<string, object> Values(MailingList list, Post post, Uri? web, string? link)
    {
        var values = Values(list, web is null ? "" : web.AbsoluteUri.TrimEnd('/') + ArchiveLinks.PathOf(list.Address));
        values["serial"] = post.Serial.ToString(CultureInfo.InvariantCulture);
        values["subject"] = Short(Clean.Line(post.Subject));
        values["author_name"] = list.IsAnonymous || !post.Report.Author.IsValid ? "" : Short(DisplayName.Clean(post.Report.Author));
        values["date"] = post.ReceivedAt.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        values["post_link"] = link ?? "";
        return values;
    }

    /// <summary>The values that are the same for all posts; those of a post are empty.</summary>
    internal static Dictionary<string, object> Values(MailingList list, string page) => new()
    {
        ["list_name"] = Short(Clean.Line(list.DisplayName)),
        ["list_address"] = list.Address,
        ["list_description"] = Short(Clean.Line(list.Description)),
        ["list_page"] = page,
        ["join_address"] = list.RoleAddress("join"),
        ["leave_address"] = list.RoleAddress("leave"),
        ["request_address"] = list.RoleAddress("request"),
        ["owner_address"] = list.RoleAddress("owner"),
        ["serial"] = "",
        ["subject"] = "",
        ["author_name"] = "",
        ["date"] = "",
        ["post_link"] = "",
    };

    private static bool IsTemplate(string source) => source.Contains("{{", StringComparison.Ordinal) || source.Contains("{%", StringComparison.Ordinal);

    private static Dictionary<string, object> Sample(string value) =>
        Values(new MailingList { LocalPart = "list", Domain = "example.org", DisplayName = "" }, "").ToDictionary(pair => pair.Key, _ => (object)value);

    private static string Short(string text) => text.Length <= MaxValue ? text : text[..(char.IsHighSurrogate(text[MaxValue - 1]) ? MaxValue - 1 : MaxValue)];
}
