using System.Net;
using ListServer.Lists.Announcements;
using ListServer.MailAuth;

namespace ListServer.Web.Tests;

/// <summary>An announcement from its first words to its last copy, in pages (ui.md, "Announce").</summary>
public sealed class AnnouncePagesTests
{
    private const string Path = "/lists/" + Site.Talk + "/announce";

    private static readonly (string, string)[] Written = [("from", Site.Talk), ("name", "Talk"), ("subject", "Autumn"), ("text", "Let us meet."), ("html", "")];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_is_looked_at_and_sent_once_by_a_plan()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        (await browser.SubmitAsync(Path + "/draft", Written)).Headers.Location!.ToString().ShouldBe(Path + "/draft/preview");
        var shown = WebUtility.HtmlDecode(await browser.ReadAsync(Path + "/draft/preview"));
        shown.ShouldContain("Let us meet.");
        shown.ShouldContain("Send it to 3 members");
        var draft = site.Store.FindAnnouncementDraft(Site.Talk, Site.Owner)!;

        (string, string)[] plan = [("draft", draft.Id), ("when", "at"), ("at", "2027-10-01T09:00"), ("zone", "Asia/Tokyo"), ("waves", "first"), ("first", "2"), ("then", "30"), ("rate", "600")];
        var sent = await browser.SubmitAsync(Path + "/draft/preview", Path + "/draft/send", plan);
        var announced = site.Store.Announcements(Site.Talk, 10).ShouldHaveSingleItem();
        sent.Headers.Location!.ToString().ShouldBe($"{Path}/{announced.PostId}");
        announced.By.ShouldBe(Site.Owner);
        announced.Plan.ShouldBe(new SendingPlan
        {
            NotBefore = new DateTimeOffset(2027, 10, 1, 9, 0, 0, TimeSpan.FromHours(9)),
            First = 2,
            ThenAfter = TimeSpan.FromMinutes(30),
            Rate = new SendingRate(600, TimeSpan.FromMinutes(1)),
        });
        site.Store.FindPost(announced.PostId)!.MessageId.ShouldBe(draft.MessageId);

        var again = await browser.SubmitAsync("/account", Path + "/draft/send", plan); // a double click
        again.Headers.Location!.ToString().ShouldBe(Path);
        (await browser.ReadAsync(Path)).ShouldContain("not here any more");
        site.Store.Announcements(Site.Talk, 10).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("subject", " ", "A subject is missing.")]
    [InlineData("text", "\r\n", "The text is missing.")]
    [InlineData("from", "president@bank.example", "Choose one of the addresses that are shown.")]
    public async Task A_draft_that_lacks_something_keeps_what_was_typed_and_says_what_beside_the_field(string field, string value, string words)
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        var answer = await browser.SubmitAsync(Path + "/draft", [.. Written.Where(pair => pair.Item1 != field), (field, value)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled));
        page.ShouldContain(words);
        page.ShouldContain("aria-invalid=\"true\"");
        page.ShouldContain(field == "text" ? "value=\"Autumn\"" : "Let us meet.");
        site.Store.FindAnnouncementDraft(Site.Talk, Site.Owner).ShouldBeNull();
    }

    [Theory]
    [InlineData("at", "", "Give a day and a time.")]
    [InlineData("zone", "Nowhere/None", "Choose a time zone.")]
    [InlineData("at", "2027-03-28T02:30", "Clocks go forward then")]
    [InlineData("at", "2027-10-31T02:30", "Clocks go back then")]
    [InlineData("first", "none", "Give a number of people, such as 50.")]
    [InlineData("rate", "0", "Give a number of people a minute, or nothing.")]
    [InlineData("at", "2020-01-01T00:00", "is over")]
    public async Task A_plan_that_makes_no_sense_sends_nothing_and_is_kept(string field, string value, string words)
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        await browser.SubmitAsync(Path + "/draft", Written);
        (string, string)[] plan =
        [
            ("draft", site.Store.FindAnnouncementDraft(Site.Talk, Site.Owner)!.Id), ("when", "at"), ("at", "2027-06-01T09:00"), ("zone", "Europe/Berlin"), ("waves", "first"), ("first", "17"), ("then", ""), ("rate", "123"),
        ];
        var answer = await browser.SubmitAsync(Path + "/draft/preview", Path + "/draft/send", [.. plan.Where(pair => pair.Item1 != field), (field, value)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled));
        page.ShouldContain(words);
        page.ShouldContain(field == "first" ? "value=\"123\"" : "value=\"17\"");
        site.Store.Announcements(null, 10).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_changed_since_it_was_looked_at_is_not_sent()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        await browser.SubmitAsync(Path + "/draft", Written);
        var seen = site.Store.FindAnnouncementDraft(Site.Talk, Site.Owner)!.Id;
        await browser.SubmitAsync(Path + "/draft", [.. Written.Where(pair => pair.Item1 != "text"), ("text", "Something else.")]);

        var answer = await browser.SubmitAsync(Path + "/draft/preview", Path + "/draft/send", ("draft", seen), ("when", "now"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("was changed since you looked at it");
        site.Store.Announcements(null, 10).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_taken_back_within_the_minute_is_a_draft_again_and_can_be_sent()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        await browser.SubmitAsync(Path + "/draft", Written);
        async Task<string> SendAsync() => (await browser.SubmitAsync(
            Path + "/draft/preview", Path + "/draft/send", ("draft", site.Store.FindAnnouncementDraft(Site.Talk, Site.Owner)!.Id), ("when", "now"))).Headers.Location!.ToString();

        var first = await SendAsync();
        site.Store.Announcements(null, 10)[0].Plan.NotBefore.ShouldBe(site.Time.GetUtcNow().AddSeconds(60));
        (await browser.SubmitAsync(first, first + "/pause")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.SubmitAsync(first, first + "/pause")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.ReadAsync(first)).ShouldContain("paused");
        await browser.SubmitAsync(first, first + "/stop");
        (await browser.ReadAsync(first)).ShouldContain("Your text is a draft again.");
        site.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await SendAsync();
        second.ShouldNotBe(first);
        site.Store.FindAnnouncement(second[(second.LastIndexOf('/') + 1)..])!.State.ShouldBe(AnnouncementState.Scheduled);
    }

    [Fact]
    public async Task A_test_goes_to_nobody_but_whoever_asks_for_it()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        await browser.SubmitAsync(Path + "/draft", Written);
        await browser.SubmitAsync(Path + "/draft/preview", Path + "/draft/test", ("to", "victim@else.test"));

        var group = site.Store.Queue.OfDestination("people.example").ShouldHaveSingleItem();
        site.Store.Queue.WaitingIn(group.Id).ShouldBe([Site.Owner]);
        site.Store.Queue.Count.ShouldBe(1);
        using var content = site.Store.Spool.Open(group.PostId);
        var octets = RawMessage.Parse(content.Octets.ToArray());
        octets.Fields.Select(field => field.Name).ShouldContain("Subject");
        System.Text.Encoding.UTF8.GetString(octets.Octets.Span).ShouldNotContain(site.Store.FindAnnouncementDraft(Site.Talk, Site.Owner)!.MessageId);
        site.Store.Posts(null, null, null, 10).ShouldBeEmpty();
        (await browser.ReadAsync(Path + "/draft/preview")).ShouldContain("A test is on its way to " + Site.Owner);
    }

    [Fact]
    public async Task An_announcement_is_shown_on_its_own_list_only_and_a_draft_to_its_author_only()
    {
        await using var site = await Site.StartAsync();
        await site.FillAnnouncementsAsync(Site.Owner);
        var admin = await site.SignInAsync(Site.Admin);
        (await admin.GetAsync($"/lists/{Site.News}/announce/{site.AnnouncedId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.SubmitAsync("/account", $"/lists/{Site.News}/announce/{site.AnnouncedId}/stop")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        site.Store.FindAnnouncement(site.AnnouncedId)!.State.ShouldBe(AnnouncementState.Scheduled);
        (await admin.ReadAsync(Path)).ShouldNotContain("Our autumn meeting");
        WebUtility.HtmlDecode(await admin.ReadAsync($"{Path}/{site.AnnouncedId}?lang=ja")).ShouldContain("誰にも知られずに取り消せます");
        (await (await site.SignInAsync(Site.Owner)).ReadAsync(Path)).ShouldContain("Our autumn meeting");
    }
}
