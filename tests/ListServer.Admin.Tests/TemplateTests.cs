using ListServer.Admin.Lists;
using ListServer.Admin.Templates;
using ListServer.Lists.Notices;

namespace ListServer.Admin.Tests;

/// <summary>Templates of lists, domains and the site stand in for the server's own, once they are found fit.</summary>
public sealed class TemplateTests : AdminStage
{
    private const string Talk = "talk@lists.example";
    private const string Fit = "Subject: Hi {{ list_name }}\n\nDear {{ address }}\n";

    private static readonly NoticeTemplates Files = NoticeTemplates.TryRead((language, name) => $"Subject: {name} {language}\n\nShipped.\n", out var read, out var problem) ? read! : throw new InvalidOperationException(problem);

    protected override AdminContext Equip(AdminContext context) => context with { Templates = () => Files };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new CreateList(Talk));
    }

    [Fact]
    public async Task The_narrowest_counts_and_a_reset_brings_back_the_one_around_it()
    {
        var templates = Files.With((scope, language, name) => Store.FindTemplate(scope, language, name)?.Source);
        string Subject() => templates.Render(NoticeKind.Welcome, new NoticeFacts(Store.FindList(Talk)!, "a@example.org")).Subject;
        Subject().ShouldBe("welcome en");
        await DoneAsync(new SetTemplate("welcome", "en", null, "Subject: site\n\nx\n"));
        Subject().ShouldBe("site");
        await DoneAsync(new SetTemplate("welcome", "en", "lists.example", "Subject: domain\n\nx\n"));
        Subject().ShouldBe("domain");
        await DoneAsync(new SetTemplate("welcome", "en", Talk, Fit));
        Subject().ShouldStartWith("Hi ");
        (await DoneAsync(new BrowseTemplates(Talk))).Where(t => t.Origin != "shipped").ShouldHaveSingleItem().ShouldBe(new TemplateSummary("welcome", "en", Talk));
        (await DoneAsync(new ShowTemplate("welcome", "en", Talk))).Source.ShouldBe(Fit);
        await DoneAsync(new ResetTemplate("welcome", "en", Talk));
        Subject().ShouldBe("domain");
        (await DoneAsync(new ShowTemplate("welcome", "ja", Talk))).Source.ShouldBe("Subject: welcome ja\n\nShipped.\n");
    }

    [Fact]
    public async Task Who_changes_one_language_is_told_that_the_other_stays() =>
        (await DoneAsync(new SetTemplate("welcome", "en", null, Fit))).Untold.ShouldBe(["ja"]);

    [Theory]
    [InlineData("Subject: x\n\none\n{{ adress }}", "Line 4: ", "adress", "The values are about, address")]
    [InlineData("Subject: x\n\none\n{{ address", "in the text: Line 4: ", "{{ name }}", "")]
    [InlineData("no subject", "does not begin with a line 'Subject: …'", "", "")]
    [InlineData("Subject: x\n\n{% for i in (1..1000000) %}x{% endfor %}", "can't be used", "", "")]
    public async Task What_can_t_be_filled_in_is_not_saved_and_is_told_with_its_line(string source, params string[] words)
    {
        var refused = await RefusedAsync(new SetTemplate("welcome", "en", Talk, source));
        foreach (var word in words)
        {
            refused.Message.ShouldContain(word);
        }

        (await RefusedAsync(new PreviewTemplate("welcome", "en", Talk, source))).Message.ShouldBe(refused.Message);
        Store.FindTemplate(Talk, "en", "welcome").ShouldBeNull();
    }

    [Fact]
    public async Task A_preview_says_what_the_notice_would_say() =>
        (await DoneAsync(new PreviewTemplate("welcome", "en", Talk, Fit))).ShouldBe(new Notice("Hi Talk", "Dear a@example.org\n"));

    [Theory]
    [InlineData("welcom", "en", null, "There is no template welcom. There are announcement-stopped, ")]
    [InlineData("welcome", "fr", null, "Choose en or ja.")]
    [InlineData("welcome", "en", "elsewhere.example", "The domain elsewhere.example is not here.")]
    [InlineData("welcome", "en", "no@lists.example", "no@lists.example")]
    public async Task Names_that_are_not_here_are_refused(string name, string language, string? scope, string words) =>
        (await RefusedAsync(new SetTemplate(name, language, scope, Fit))).Message.ShouldContain(words);

    [Fact]
    public async Task Templates_go_with_their_list_and_who_set_them_is_on_record()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        await DoneAsync(new SetTemplate("welcome", "en", Talk, Fit));
        (await DoneAsync(new Audit.BrowseAudit(Talk, Limit: 1))).ShouldHaveSingleItem().Fields.ShouldHaveSingleItem().Name.ShouldBe("en/welcome");
        await DoneAsync(new RemoveList(Talk));
        Store.FindTemplate(Talk, "en", "welcome").ShouldBeNull();
    }
}
