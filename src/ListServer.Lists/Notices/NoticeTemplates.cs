using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Fluid;
using ListServer.Lists.Bounces;
using ListServer.Lists.Digests;

namespace ListServer.Lists.Notices;

/// <summary>The words of one notice.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Lines separated by LF.</param>
public sealed record Notice(string Subject, string Text);

/// <summary>
/// The texts of all notices in all languages, as Liquid templates. A template is a line "Subject: …", an empty line, and the text.
/// All are read and tried once, so that a fault shows at start and never when a notice is due.
/// </summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed partial class NoticeTemplates
{
    /// <summary>The languages there are; the first is that of lists in a language there is none of.</summary>
    public static readonly ImmutableArray<string> Languages = ["en", "ja"];

    private const int MaxLength = 20_000;
    private readonly Dictionary<(string Language, NoticeKind Kind), Template> _templates = [];
    private readonly ConcurrentDictionary<(string Scope, string Language, NoticeKind Kind), (string Source, Template? Template)> _own = new();
    private Func<string, string, string, string?> _find = (_, _, _) => null;

    private NoticeTemplates()
    {
    }

    /// <summary>Reads all templates.</summary>
    /// <param name="read">Answers a template's text for a language ("ja") and a name ("confirm-join").</param>
    /// <param name="templates">The templates, or null.</param>
    /// <param name="problem">Which template is wrong, where and how, in words; or null.</param>
    public static bool TryRead(Func<string, string, string> read, out NoticeTemplates? templates, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(read);
        var all = new NoticeTemplates();
        (templates, problem) = (null, null);
        foreach (var language in Languages)
        {
            foreach (var kind in Enum.GetValues<NoticeKind>())
            {
                var name = NoticeName.Of(kind);
                var source = read(language, name);
                problem = Template.TryParse(source, out var template) ?? Try(template!, source);
                if (problem is not null)
                {
                    problem = $"The template {language}/{name}.liquid can't be used: {problem}";
                    return false;
                }

                all._templates[(language, kind)] = template!;
            }
        }

        templates = all;
        return true;
    }

    /// <summary>The same, with templates of lists, domains and the site before them.</summary>
    /// <param name="find">Answers a template's text for a scope, a language and a name; null where there is none of its own.</param>
    public NoticeTemplates With(Func<string, string, string, string?> find)
    {
        var all = new NoticeTemplates { _find = find };
        foreach (var (key, template) in _templates)
        {
            all._templates[key] = template;
        }

        return all;
    }

    /// <summary>The text of the server's own template.</summary>
    public string Source(string language, string name) => _templates[(language, NoticeName.Find(name) ?? throw new ArgumentException("There is no such notice.", nameof(name)))].Source;

    /// <summary>A list's posting address, its domain and the site; a domain and the site; or the site.</summary>
    public static IEnumerable<string> ScopesOf(string scope) =>
        scope.Length == 0 ? [""] : scope.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? [scope, scope[(at + 1)..], ""] : [scope, ""];

    /// <summary>Tries a template on facts that stand for any.</summary>
    /// <param name="source">The template.</param>
    /// <param name="list">The list that speaks.</param>
    /// <param name="notice">What it says, or null.</param>
    /// <param name="problem">What is wrong, with its line and what to do, or null.</param>
    public static bool TryPreview(string source, MailingList list, out Notice? notice, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(source);
        Template? template = null;
        problem = source.Length > MaxLength ? $"it is longer than {MaxLength:N0} characters." : Template.TryParse(source, out template) ?? Try(template!, source);
        notice = problem is null ? template!.Render(Sample(list)) : null;
        return problem is null;
    }

    /// <summary>Writes a notice in the list's language.</summary>
    public Notice Render(NoticeKind kind, NoticeFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var language = Languages.Contains(facts.List.Language) ? facts.List.Language : Languages[0];
        if (Own(facts.List, language, kind) is { } own)
        {
            try
            {
                return own.Render(facts);
            }
            catch (Exception problem) when (problem is FluidException or InvalidOperationException)
            {
                // It was fit when it was saved, by an older server: the notice goes out in the server's own words.
            }
        }

        return _templates[(language, kind)].Render(facts);
    }

    private Template? Own(MailingList list, string language, NoticeKind kind)
    {
        foreach (var scope in ScopesOf(list.Address))
        {
            if (_find(scope, language, NoticeName.Of(kind)) is { } source)
            {
                var known = _own.GetValueOrDefault((scope, language, kind));
                if (known.Source != source)
                {
                    known = (source, Template.TryParse(source, out var template) is null ? template : null);
                    _own[(scope, language, kind)] = known;
                }

                return known.Template;
            }
        }

        return null;
    }

    private static string? Try(Template template, string source)
    {
        var list = new MailingList { LocalPart = "list", Domain = "example.org", DisplayName = "List" };
        try
        {
            // Every branch is walked once: with everything said, and with nothing.
            template.Render(new NoticeFacts(list, "a@example.org"));
            template.Render(new NoticeFacts(list, "a@example.org") { Held = [new HeldFacts("01", "", "", default, "Reason", []) { Accept = new("t", "", "c@example.org") }] });
            template.Render(Sample(list with { Description = "Text" }));
            return null;
        }
        catch (Exception problem) when (problem is FluidException or InvalidOperationException)
        {
            // Fluid says so of a variable or filter that is not there, and of a loop without end.
            return Liquid.Explain(problem, source, new NoticeFacts(list, "").Values().Keys);
        }
    }

    private static NoticeFacts Sample(MailingList list)
    {
        var outcomes = Enum.GetValues<CommandResult>().Select(result => new CommandOutcome("text", result) { Lines = ["line"] });
        var incidents = Enum.GetValues<IncidentCause>().Select(cause => new Incident("list@example.org", "example.net", cause, "example.com", default, default, 2, "550"));
        return new NoticeFacts(list with { MaxHeldDays = 5 }, "a@example.org")
        {
            Token = "token",
            Link = "https://lists.example.org/in/token",
            PostId = "01",
            PostSubject = "Subject",
            Reason = "Reason",
            About = "b@example.org",
            Policy = "reject",
            Member = new Member("list@example.org", "a@example.org", "", MemberRole.Member, default, "", PausedUntil: default(DateTimeOffset)),
            Results = [.. outcomes],
            IsCut = true,
            Incidents = [.. incidents],
            Members = [.. Enum.GetValues<MemberEvent>().Select(what => new MemberNews("list@example.org", "a@example.org", what, default, "550"))],
            Held = [new HeldFacts("01", "a@example.org", "Subject", default, "Reason", ["Text"]) { Accept = new("t", "https://example.org/", "c@example.org") }, new HeldFacts("02", "", "", default, "Reason", [])],
            MoreHeld = 1,
            Join = new JoinFacts(default, new("t", "https://example.org/", "c@example.org"), new("t", "https://example.org/", "c@example.org"), new("t", "https://example.org/", "c@example.org")),
            Topics = [DigestTopic.Of("From: a@example.org\r\nArchived-At: <https://example.org/>\r\n\r\n"u8.ToArray(), default)],
            Volume = 1,
            Issue = 1,
            Suspension = new Suspension("list@example.org", "a@example.org", default, "550", Suspension.MostProbes - 1),
        };
    }

    private sealed partial record Template(string Source, IFluidTemplate Subject, IFluidTemplate Text)
    {
        private const string Mark = "Subject:";

        public static string? TryParse(string source, out Template? template)
        {
            template = null;
            var parts = source.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split("\n\n", 2);
            if (parts is not [var head, var text] || !head.StartsWith(Mark, StringComparison.Ordinal) || head.Contains('\n', StringComparison.Ordinal))
            {
                return $"it does not begin with a line '{Mark} …' and an empty line.";
            }

            if (!Liquid.TryParse(head[Mark.Length..], out var subject, out var problem))
            {
                return $"in the subject: {problem}";
            }

            if (!Liquid.TryParse(text, out var body, out problem, firstLine: 3))
            {
                return $"in the text: {problem}";
            }

            template = new Template(source, subject, body);
            return null;
        }

        public Notice Render(NoticeFacts facts)
        {
            var values = facts.Values();
            return new Notice(Clean.Line(Liquid.Render(Subject, values)), EmptyLines().Replace(Liquid.Render(Text, values), "\n\n").Trim('\n') + "\n");
        }

        // A part that says nothing leaves the empty lines around it.
        [GeneratedRegex("\n{3,}")]
        private static partial Regex EmptyLines();
    }
}
