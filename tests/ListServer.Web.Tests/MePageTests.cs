using System.Net;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Store.Changes;

namespace ListServer.Web.Tests;

/// <summary>/me: what a subscriber does about their own lists, and about nobody else's; who wants to be one.</summary>
public sealed class MePageTests(Chromium chromium)
{
    [Fact]
    public async Task A_member_chooses_digests_pauses_and_leaves_without_script()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, width: 390, hasScript: false);
        await Chromium.SignInAsync(page, site, Site.Member);
        await page.GotoAsync("/me");
        (await page.Locator("main article").CountAsync()).ShouldBe(1);
        await page.SelectOptionAsync("[name=delivery]", "MimeDigest");
        await page.UncheckAsync("[name=own]");
        await page.ClickAsync("button:text-is('Save')");
        await page.WaitForSelectorAsync("[role=status]");
        Member(site).ShouldSatisfyAllConditions(member => member.Delivery.ShouldBe(DeliveryMode.MimeDigest), member => member.OwnCopies.ShouldBeFalse());

        await page.SelectOptionAsync("[name=delivery]", "Paused");
        await page.ClickAsync("button:text-is('Save')");
        (await page.TextContentAsync("[role=alert]"))!.ShouldContain("needs the day");
        await page.SelectOptionAsync("[name=delivery]", "Paused");
        await page.FillAsync("[name=until]", "2027-04-01");
        await page.ClickAsync("button:text-is('Save')");
        await page.WaitForSelectorAsync("[role=status]");
        Member(site).ShouldSatisfyAllConditions(
            member => member.PausedUntil.ShouldBe(new DateTimeOffset(2027, 4, 1, 0, 0, 0, TimeSpan.Zero)), member => member.Delivery.ShouldBe(DeliveryMode.MimeDigest, "as it was, when the pause is over"));

        await page.ClickAsync("text=Another address, or leave");
        await page.ClickAsync("text=Leave the list");
        await page.WaitForSelectorAsync("[role=status]");
        site.Store.FindMember(Site.Talk, Site.Member).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Nobody_changes_the_subscription_of_somebody_else_or_to_a_list_they_are_not_on() // SEC-29
    {
        await using var site = await Site.StartAsync();
        await site.DoAsync(new CreateList("other@lists.example"));
        await site.DoAsync(new AddMember("other@lists.example", Site.Owner));
        var browser = await site.SignInAsync(Site.Member);
        foreach (var act in (string[])["", "/leave", "/enable"])
        {
            using var answer = await browser.SubmitAsync("/account", "/me/other@lists.example" + act, ("delivery", "NoMail"), ("address", Site.Owner));
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        site.Store.FindMember("other@lists.example", Site.Owner)!.IsReceiving.ShouldBeTrue();
    }

    [Fact]
    public async Task Moderators_decide_on_the_page_of_held_posts_about_who_wants_to_join()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Moderator);
        var page = $"/lists/{Site.Talk}/held";
        (await browser.ReadAsync(page)).ShouldNotContain("Who wants to join");
        foreach (var name in (string[])["ann", "bob", "eve"])
        {
            await site.Store.CommitAsync(new JoinRequestSaved(new JoinRequest(Site.Talk, name + "@new.example", site.Time.GetUtcNow(), "asked for by <mail>", "")), TestContext.Current.CancellationToken);
        }

        (await browser.ReadAsync(page)).ShouldContain("asked for by &lt;mail&gt;");
        foreach (var (name, verdict, words) in new[] { ("ann", "Accept", "is on the list, and is told."), ("bob", "Refuse", "may not join, and is told."), ("eve", "Ban", "is banned from the list"), ("eve", "Accept", "does not wait any more") })
        {
            using var answer = await browser.SubmitAsync("/account", $"/lists/{Site.Talk}/joins/{name}@new.example", ("verdict", verdict), ("reason", "Staff only"));
            (await browser.ReadAsync(page)).ShouldContain(words);
        }

        site.Store.FindMember(Site.Talk, "ann@new.example").ShouldNotBeNull();
        site.Store.OwedNotices().Select(n => (n.Kind, n.To, n.Reason)).ShouldBe([(NoticeKind.Welcome, "ann@new.example", ""), (NoticeKind.JoinRefused, "bob@new.example", "Staff only")], ignoreOrder: true);
        site.Store.Bans(Site.Talk).ShouldHaveSingleItem().ShouldSatisfyAllConditions(b => b.Pattern.ShouldBe("eve@new.example"), b => b.Reason.ShouldBe("Staff only"));
        (site.Store.FindMember(Site.Talk, "eve@new.example"), site.Store.JoinRequests(Site.Talk).Count).ShouldBe((null, 0));
    }

    private static Member Member(Site site) => site.Store.FindMember(Site.Talk, Site.Member)!;
}
