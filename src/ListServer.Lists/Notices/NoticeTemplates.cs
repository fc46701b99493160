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

    private const int MaxSteps = 10_000;
    private static readonly FluidParser Parser = new();
    private static readonly TemplateOptions Options = new() { StrictVariables = true, StrictFilters = true, MaxSteps = MaxSteps };
    private readonly Dictionary<(string Language, NoticeKind Kind), Template> _templates = [];

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
                problem = Template.TryParse(read(language, name), out var template) ?? Try(template!, kind);
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

    /// <summary>Writes a notice in the list's language.</summary>
    public Notice Render(NoticeKind kind, NoticeFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var language = Languages.Contains(facts.List.Language) ? facts.List.Language : Languages[0];
        return _templates[(language, kind)].Render(facts);
    }

    private static string? Try(Template template, NoticeKind kind)
    {
        var list = new MailingList { LocalPart = "list", Domain = "example.org", DisplayName = "List" };
        var outcomes = Enum.GetValues<CommandResult>().Select(result => new CommandOutcome("text", result) { Lines = ["line"] });
        var incidents = Enum.GetValues<IncidentCause>().Select(cause => new Incident("list@example.org", "example.net", cause, "example.com", default, default, 2, "550"));
        try
        {
            // Every branch is walked once: with everything said, and with nothing.
            template.Render(new NoticeFacts(list, "a@example.org"));
            template.Render(new NoticeFacts(list, "a@example.org") { Held = [new HeldFacts("01", "", "", default, "Reason", []) { Accept = new("t", "", "c@example.org") }] });
            template.Render(new NoticeFacts(list with { Description = "Text", MaxHeldDays = 5 }, "a@example.org")
            {
                Token = "token",
                Link = "https://lists.example.org/in/token",
                PostId = "01",
                PostSubject = "Subject",
                Reason = "Reason",
                About = "b@example.org",
                Member = new Member("list@example.org", "a@example.org", "", MemberRole.Member, default, "", PausedUntil: default(DateTimeOffset)),
                Results = [.. outcomes],
                IsCut = true,
                Incidents = [.. incidents],
                Members = [.. Enum.GetValues<MemberEvent>().Select(what => new MemberNews("list@example.org", "a@example.org", what, default, "550"))],
                Held = [new HeldFacts("01", "a@example.org", "Subject", default, "Reason", ["Text"]) { Accept = new("t", "https://example.org/", "c@example.org") }, new HeldFacts("02", "", "", default, "Reason", [])],
                MoreHeld = 1,
                Topics = [DigestTopic.Of("From: a@example.org\r\nArchived-At: <https://example.org/>\r\n\r\n"u8.ToArray(), default)],
                Volume = 1,
                Issue = 1,
                Suspension = new Suspension("list@example.org", "a@example.org", default, "550", Suspension.MostProbes - 1),
            });
            return null;
        }
        catch (Exception problem) when (problem is FluidException or InvalidOperationException)
        {
            // Fluid says so of a variable or filter that is not there, and of a loop without end.
            return problem.Message;
        }
    }

    private sealed partial record Template(IFluidTemplate Subject, IFluidTemplate Text)
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

            if (!Parser.TryParse(head[Mark.Length..], out var subject, out var problem))
            {
                return $"in the subject: {problem}";
            }

            if (!Parser.TryParse(text, out var body, out problem))
            {
                return $"in the text: {problem}";
            }

            template = new Template(subject, body);
            return null;
        }

        public Notice Render(NoticeFacts facts)
        {
            var values = facts.Values();
            return new Notice(Clean.Line(Render(Subject, values)), EmptyLines().Replace(Render(Text, values), "\n\n").Trim('\n') + "\n");
        }

        private static string Render(IFluidTemplate template, IReadOnlyDictionary<string, object> values)
        {
            var context = new TemplateContext(Options);
            foreach (var (name, value) in values)
            {
                context.SetValue(name, value);
            }

            return template.Render(context);
        }

        // A part that says nothing leaves the empty lines around it.
        [GeneratedRegex("\n{3,}")]
        private static partial Regex EmptyLines();
    }
}
