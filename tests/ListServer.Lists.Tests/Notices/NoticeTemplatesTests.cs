using System.Text.RegularExpressions;
using ListServer.Lists.Notices;

namespace ListServer.Lists.Tests.Notices;

public sealed partial class NoticeTemplatesTests
{
    private static readonly NoticeFacts Facts = new(Reports.List with { Description = "All that is new" }, "bob@example.org");

    private static readonly HeldChoice Choice = new("tokentoken", "https://news.example.org/h/tokentoken", "news-confirm+tokentoken@lists.example");

    public static TheoryData<NoticeKind> Kinds => [.. Enum.GetValues<NoticeKind>()];

    [Fact]
    public void Every_template_file_is_a_notice_in_both_languages()
    {
        foreach (var language in NoticeTemplates.Languages)
        {
            Directory.GetFiles(Path.Combine(Shipped.Folder, language)).Select(Path.GetFileName)
                .ShouldBe(Enum.GetValues<NoticeKind>().Select(kind => NoticeName.Of(kind) + ".liquid"), ignoreOrder: true);
        }

        Directory.GetDirectories(Shipped.Folder).Select(Path.GetFileName).ShouldBe(NoticeTemplates.Languages, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_languages_use_the_same_values(NoticeKind kind) =>
        Words("ja", kind).ShouldBe(Words("en", kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_notice_reads_well_in_both_languages(NoticeKind kind)
    {
        foreach (var language in NoticeTemplates.Languages)
        {
            var notice = Shipped.Templates.Render(kind, Facts with
            {
                List = Facts.List with { Language = language },
                Token = "tokentoken",
                PostId = "01JDF3W0Q7T3M3X9V4Y8Z6K2B1",
                PostSubject = "Lunch",
                Reason = "Off topic.",
                Held = [new HeldFacts("01JDF3W0Q7T3M3X9V4Y8Z6K2B1", "ann@example.org", "Lunch", default, "The message is not from a list member", ["At one?"])
                {
                    Accept = Choice,
                    Reject = Choice,
                    Discard = Choice,
                }],
                Join = new JoinFacts(default, Choice, Choice, Choice),
                About = "mia@example.net",
                Link = "https://lists.example.org/s/token",
                Results = [.. Enum.GetValues<CommandResult>().Select(result => new CommandOutcome("a line", result) { Lines = ["mia@example.net"] })],
            });

            if (kind is not (NoticeKind.SignIn or NoticeKind.StricterPolicy))
            {
                // The server or a domain speaks, not a list.
                notice.Subject.ShouldContain("News");
                notice.Text.ShouldContain("news");
            }

            notice.Text.ShouldNotContain("{");
            notice.Text.ShouldNotContain("\n\n\n");
            notice.Text.Split('\n').ShouldAllBe(line => line.Length <= 76 && line == line.TrimEnd());
        }
    }

    [Fact]
    public void A_question_names_list_address_and_token()
    {
        var notice = Shipped.Templates.Render(NoticeKind.ConfirmJoin, Facts with { Token = "tokentoken" });

        notice.Subject.ShouldBe("Please confirm: join News?");
        notice.Text.ShouldContain("bob@example.org");
        notice.Text.ShouldContain("    News <news@lists.example>\n    All that is new\n");
        notice.Text.ShouldContain("confirm tokentoken\n");
    }

    [Fact]
    public void Results_stand_under_their_commands()
    {
        var text = Shipped.Templates.Render(NoticeKind.CommandResults, Facts with
        {
            Results = [new CommandOutcome("leave", CommandResult.Left), new CommandOutcome("frobnicate", CommandResult.Unknown)],
            IsCut = true,
        }).Text;

        text.ShouldContain("> leave\n  You are no longer subscribed.\n");
        text.ShouldContain("> frobnicate\n  We do not know this command.\n");
        text.ShouldContain("There was more");
    }

    [Fact]
    public void Other_peoples_words_stay_words()
    {
        var notice = Shipped.Templates.Render(NoticeKind.PostRejected, Facts with
        {
            List = Facts.List with { DisplayName = "N\r\nBcc: x@y" },
            PostSubject = "{{ token }}\r\nBcc: victim@example.org \u202Egnp",
            Reason = "One\r\n.\r\n\u0007Two{% if %}",
        });

        notice.Subject.ShouldBe("Your post to N Bcc: x@y was not accepted");
        notice.Text.ShouldContain("    {{ token }} Bcc: victim@example.org gnp\n");
        notice.Text.ShouldContain("One\n.\nTwo{% if %}\n");
    }

    [Theory]
    [InlineData("no subject", "does not begin with a line")]
    [InlineData("Subject: {{ list_name }}\nX: y\n\ntext", "does not begin with a line")]
    [InlineData("Subject: {{ list_nam }}\n\ntext", "list_nam")]
    [InlineData("Subject: x\n\n{% if address %}text", "in the text")]
    [InlineData("Subject: {% bad %}\n\ntext", "in the subject")]
    [InlineData("Subject: x\n\n{{ address | nosuchfilter }}", "nosuchfilter")]
    [InlineData("Subject: x\n\n{% for i in (1..1000000) %}x{% endfor %}", "recursion")]
    public void A_faulty_template_is_named_at_start(string template, string problem)
    {
        NoticeTemplates.TryRead((language, name) => (language, name) is ("ja", "goodbye") ? template : Shipped.Read(language, name), out var templates, out var said)
            .ShouldBeFalse();

        templates.ShouldBeNull();
        said.ShouldNotBeNull().ShouldContain("ja/goodbye.liquid");
        said.ShouldContain(problem, Case.Insensitive);
    }

    private static string[] Words(string language, NoticeKind kind) =>
        [.. Word().Matches(Shipped.Read(language, NoticeName.Of(kind))).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{[{%]-?\s*((?:if\s+|case\s+|when\s+|for\s+\w+\s+in\s+)?[\w.""]+)")]
    private static partial Regex Word();
}

/// <summary>The templates that the server is delivered with.</summary>
internal static class Shipped
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "templates");

    public static NoticeTemplates Templates { get; } =
        NoticeTemplates.TryRead(Read, out var templates, out var problem) ? templates! : throw new InvalidOperationException(problem);

    public static string Read(string language, string name) => File.ReadAllText(Path.Combine(Folder, language, name + ".liquid"));
}
