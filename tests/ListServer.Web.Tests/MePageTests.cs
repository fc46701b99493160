using System.Net;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;

namespace ListServer.Web.Tests;

/// <summary>/me: what a subscriber does about their own lists, and about nobody else's.</summary>
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

    private static Member Member(Site site) => site.Store.FindMember(Site.Talk, Site.Member)!;
}
