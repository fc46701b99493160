using ListServer.Admin.Members;
using ListServer.Admin.Posts;
using ListServer.Lists;
using Microsoft.Playwright;

namespace ListServer.Web.Tests;

/// <summary>What people do, in a real browser, with script switched off: pages need none (UI-8).</summary>
public sealed class BrowserTests(Chromium chromium)
{
    [Fact]
    public async Task An_admin_signs_in_by_a_letter_and_creates_a_list()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, hasScript: false);
        await page.GotoAsync("/lists/new");
        await page.FillAsync("#address", Site.Admin);
        await page.ClickAsync("text=Send me a link");
        await page.WaitForSelectorAsync("text=Look into your mailbox");
        var letter = site.Letters.ShouldHaveSingleItem();
        await page.GotoAsync($"/in/{letter.Token}?to={Uri.EscapeDataString(letter.ReturnTo)}");
        await page.ClickAsync("main button[type=submit]");

        await page.WaitForURLAsync("**/lists/new");
        await page.FillAsync("#name", "園芸 Garden");
        await page.FillAsync("#local", "garden");
        await page.CheckAsync("input[value=announcements]");
        await page.FillAsync("#owner", "hana@people.example");
        await page.ClickAsync("main button[type=submit]");

        await page.WaitForURLAsync("**/lists/garden@lists.example");
        (await page.TextContentAsync("h1")).ShouldBe("園芸 Garden");
        var list = site.Store.FindList("garden@lists.example")!;
        (list.DisplayName, list.Posting, list.Personalize).ShouldBe(("園芸 Garden", PostingPolicy.AnnounceOnly, true));
        site.Store.FindMember(list.Address, "hana@people.example")!.Role.ShouldBe(MemberRole.Owner);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_mistyped_list_keeps_what_was_typed()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, hasScript: false);
        await Chromium.SignInAsync(page, site, Site.DomainAdmin);
        await page.GotoAsync("/lists/new");
        await page.FillAsync("#name", "Two words");
        await page.FillAsync("#local", "two words");
        await page.ClickAsync("main button[type=submit]");
        (await page.TextContentAsync("[role=alert]")).ShouldNotBeNullOrWhiteSpace();
        (await page.InputValueAsync("#name")).ShouldBe("Two words");
        (await page.InputValueAsync("#local")).ShouldBe("two words");
        (await page.Locator("select[name=domain] option").AllTextContentsAsync()).ShouldBe(["lists.example"]);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_moderator_decides_on_a_phone_by_two_taps() // UI-6
    {
        await using var site = await Site.StartAsync();
        await site.FillPostsAsync();
        var page = await chromium.OpenAsync(site, width: 390, hasScript: false);
        await Chromium.SignInAsync(page, site, Site.Moderator);
        await page.GotoAsync($"/lists/{Site.Talk}/held");

        await page.ClickAsync("ul.picks li:last-child a");
        (await page.IsVisibleAsync("ul.picks")).ShouldBeFalse();
        var accept = page.Locator("button[value=Accept]");
        (await accept.BoundingBoxAsync())!.Height.ShouldBeGreaterThanOrEqualTo(44);
        await accept.ClickAsync();

        await page.WaitForSelectorAsync("[role=status]");
        (await site.DoAsync(new ShowTrace(site.HeldId))).Post.ApprovedBy.ShouldBe(Site.Moderator);
        await page.GotoAsync($"/lists/{Site.Talk}/held/{site.HeldId}");
        (await page.TextContentAsync("[role=status]"))!.ShouldContain("somebody has decided");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_post_is_rejected_by_keyboard_alone_with_words_for_its_author()
    {
        await using var site = await Site.StartAsync();
        await site.FillPostsAsync();
        var page = await chromium.OpenAsync(site);
        await Chromium.SignInAsync(page, site, Site.Owner);
        await page.GotoAsync($"/lists/{Site.Talk}/held/{site.HeldId}");
        await TabToAsync(page, "details.reason summary");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "textarea[name=reason]");
        await page.Keyboard.TypeAsync("Please ask on the other list.");
        await TabToAsync(page, "button[value=Reject]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("[role=status]");
        var post = (await site.DoAsync(new ShowTrace(site.HeldId))).Post;
        (post.State, post.Reason, post.RejectedBy).ShouldBe((PostState.Rejected, "Please ask on the other list.", Site.Owner));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_post_shows_its_text_and_source_and_nothing_of_it_runs() // SEC-22
    {
        await using var site = await Site.StartAsync();
        await site.FillPostsAsync();
        var page = await chromium.OpenAsync(site);
        var dialogs = 0;
        page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };
        await Chromium.SignInAsync(page, site, Site.Owner);
        await page.GotoAsync($"/lists/{Site.Talk}/held/{site.HeldId}");
        (await page.TextContentAsync(".message-text"))!.ShouldContain("<img src=x onerror=alert(1)>");
        (await page.Locator(".preview img, .preview script").CountAsync()).ShouldBe(0);
        (await page.TextContentAsync("pre.message"))!.ShouldContain("Subject:");
        dialogs.ShouldBe(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_moderator_decides_by_single_keys_which_do_nothing_in_a_field_or_when_they_are_off()
    {
        await using var site = await Site.StartAsync();
        await site.FillPostsAsync();
        var page = await chromium.OpenAsync(site);
        await Chromium.SignInAsync(page, site, Site.Moderator);
        await page.GotoAsync($"/lists/{Site.Talk}/held");
        await page.Keyboard.PressAsync("j");
        await page.WaitForURLAsync("**/held/*");
        await page.Keyboard.PressAsync("j");
        await page.WaitForURLAsync($"**/held/{site.HeldId}");
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync("add dates");
        (await page.InputValueAsync("textarea[name=reason]")).ShouldBe("add dates");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("r");
        await page.WaitForSelectorAsync("[role=status]");
        (await site.DoAsync(new ShowTrace(site.HeldId))).Post.ShouldSatisfyAllConditions(post => post.State.ShouldBe(PostState.Rejected), post => post.Reason.ShouldBe("add dates"));

        await page.Keyboard.PressAsync("?");
        await page.UncheckAsync("[data-keys-switch]");
        await page.Keyboard.PressAsync("a");
        await page.ReloadAsync();
        await page.Keyboard.PressAsync("d");
        (await page.Locator("ul.picks li").CountAsync()).ShouldBe(2, "keys are off, on the next page too");
        await page.ClickAsync("details.keys summary");
        await page.CheckAsync("[data-keys-switch]");
        await page.Keyboard.PressAsync("a");
        await page.WaitForSelectorAsync("[role=status]");
        await page.Keyboard.PressAsync("d");
        await page.WaitForSelectorAsync("text=No post waits.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_held_posts_HTML_stands_in_a_frame_without_rights_and_its_files_are_saved() // SEC-22
    {
        await using var site = await Site.StartAsync();
        var id = await site.HoldAsync("stranger@else.test", "Markup", """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html

            <p>Hello ken@secret.example</p><script>top.location='/x'</script><img src="https://tracker.example/1.gif">
            --b
            Content-Type: text/html
            Content-Disposition: attachment; filename="../a.html"

            <script>alert(1)</script>
            --b--
            """);
        var browser = await site.SignInAsync(Site.Moderator);
        var path = $"/lists/{Site.Talk}/held/{id}";
        (await browser.ReadAsync(path)).ShouldContain($"sandbox=\"allow-popups allow-popups-to-escape-sandbox\"");

        using var frame = await browser.GetAsync(path + "/html");
        frame.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox allow-popups");
        var html = await frame.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        html.ShouldContain("<p>Hello ken@secret.example</p>");
        html.ShouldNotContain("<script");
        html.ShouldNotContain("tracker");

        using var file = await browser.GetAsync(path + "/a/0");
        file.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        file.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=a.html; filename*=UTF-8''a.html");
        (await browser.GetAsync($"/lists/{Site.News}/held/{id}/html")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await (await site.SignInAsync(Site.Admin)).GetAsync($"/lists/{Site.News}/held/{id}/a/0")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "a post of another list");
    }

    [Fact]
    public async Task An_owner_looks_at_an_import_before_it_is_done()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, hasScript: false);
        await Chromium.SignInAsync(page, site, Site.Owner);
        await page.GotoAsync($"/lists/{Site.Talk}/members/import");
        await page.FillAsync("#text", string.Join('\n', Enumerable.Range(1, 1_000).Select(n => $"m{n}@people.example")) + $"\nno address\n{Site.Member}\n");
        await page.ClickAsync("main button[type=submit]");
        (await page.TextContentAsync(".figures"))!.ShouldContain("1,000");
        (await page.ContentAsync()).ShouldContain("line 1001");
        site.Store.CountMembers(Site.Talk).ShouldBe(3);

        await page.FillAsync("#wording", "I want the posts.");
        await page.CheckAsync("[name=agreed]");
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync("[role=status]"); // without script the page loads itself again
        (await page.TextContentAsync("[role=status]"))!.ShouldBe("The import is done.");
        site.Store.CountMembers(Site.Talk).ShouldBe(1_003);
        var member = (await site.DoAsync(new ShowMember(Site.Talk, "m1000@people.example"))).Member;
        member.Wording.ShouldBe("I want the posts.");
        member.Source.ShouldContain(Site.Owner);

        await page.ClickAsync("main a[role=button]");
        await page.FillAsync("[name=q]", "m77");
        await page.ClickAsync("form.search button");
        (await page.Locator("ul.rows li").CountAsync()).ShouldBe(11);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_setting_is_changed_marked_and_written_down()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, hasScript: false);
        await Chromium.SignInAsync(page, site, Site.Owner);
        await page.GotoAsync($"/lists/{Site.Talk}/settings/posting");
        await page.CheckAsync("input[value=Moderated]");
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync("[role=status]");
        site.Store.FindList(Site.Talk)!.Posting.ShouldBe(PostingPolicy.Moderated);
        await page.GotoAsync($"/lists/{Site.Talk}/settings");
        (await page.Locator(".dot").CountAsync()).ShouldBe(1);
        await page.GotoAsync($"/lists/{Site.Talk}/settings/history");
        (await page.TextContentAsync("main"))!.ShouldContain("members → moderated");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_list_ends_only_when_its_address_is_typed()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, hasScript: false);
        await Chromium.SignInAsync(page, site, Site.Owner);
        await page.GotoAsync($"/lists/{Site.Talk}/settings/danger");
        await page.FillAsync("#name", "talk");
        await page.ClickAsync("main button[type=submit]");
        (await page.TextContentAsync("[role=alert]"))!.ShouldContain("Nothing was removed");
        site.Store.FindList(Site.Talk).ShouldNotBeNull();
        await page.FillAsync("#name", Site.Talk);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/lists");
        site.Store.FindList(Site.Talk).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_member_leaves_by_one_click() // UI-10
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, width: 390, hasScript: false);
        await page.GotoAsync(site.LeavePath);
        await page.ClickAsync("main button[type=submit]");
        (await page.TextContentAsync("h1"))!.ShouldContain("You have left Talk");
        site.Store.FindMember(Site.Talk, Site.Member).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) === true", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"The keyboard does not reach {selector}.");
    }
}
