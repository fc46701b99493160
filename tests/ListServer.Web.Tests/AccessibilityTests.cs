using System.Globalization;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace ListServer.Web.Tests;

/// <summary>UI-5: no violation of WCAG 2.2 A/AA that axe can see, on every page, light and dark, on a phone and a desk, in both languages; nothing wider than the window.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    private const string AllRules = """{"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "resultTypes": ["violations"], "iframes": false}""";

    // What is the same in the dark needs no second look: only colours change.
    private const string Colours = """{"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "iframes": false}""";

    // Axe is asked in the page itself: its package for Playwright opens a page of its own for each look, which takes twenty times as long.
    private const string Look = "async options => (await axe.run(document, JSON.parse(options))).violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html))";

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    [Theory]
    [InlineData(390, "en")]
    [InlineData(390, "ja")]
    [InlineData(1200, "en")]
    [InlineData(1200, "ja")]
    public async Task No_page_has_a_violation_or_is_cut(int width, string language)
    {
        await using var site = await Site.StartAsync();
        await site.FillPostsAsync();
        await Reported.FillAsync(site);
        var page = await chromium.OpenAsync(site, width);
        var wrong = new List<string>();
        foreach (var (name, path) in Pages(site, isSignedIn: false))
        {
            await LookAsync(page, name, path + "?lang=" + language, wrong, $"{width}-{language}");
        }

        await site.DoAsync(new Admin.Webhooks.AddWebhook(Site.Talk, "https://hooks.example.org/talk", ["member.joined"]));
        await site.DoAsync(new Admin.Members.AddMember(Site.Talk, Site.Admin));
        await site.FillAnnouncementsAsync(Site.Admin);
        await Chromium.SignInAsync(page, site, Site.Admin);
        foreach (var (name, path) in Pages(site, isSignedIn: true))
        {
            await LookAsync(page, name, path, wrong, $"{width}-{language}");
        }

        await page.Context.CloseAsync();
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_wrong_is_seen()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site);
        await page.GotoAsync("/sign-in");
        await page.EvaluateAsync("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/none\"><p id=\"pale\">pale</p>')");
        await page.EvaluateAsync("() => { const pale = document.getElementById('pale').style; pale.color = '#ddd'; pale.background = '#eee'; pale.width = '3000px'; }");
        var wrong = new List<string>();
        await LookAtAsync(page, "wrong", wrong, "test");
        await page.Context.CloseAsync();
        foreach (var part in new[] { "(Light): image-alt", "(Light): color-contrast", "(Dark): color-contrast", "in a window of" })
        {
            wrong.ShouldContain(line => line.Contains(part, StringComparison.Ordinal));
        }
    }

    private static IEnumerable<(string Name, string Path)> Pages(Site site, bool isSignedIn)
    {
        if (!isSignedIn)
        {
            return [("home", "/"), ("sign-in", "/sign-in"), ("sign-in-password", "/sign-in/password"), ("bad-link", "/in/none"), ("leave", site.LeavePath), ("missing", "/nothing/here")];
        }

        var list = "/lists/" + Site.Talk;
        return
        [
            ("lists", "/lists"), ("account", "/account"), ("me", "/me"), ("sign-in-again", "/sign-in/again"), ("tokens", "/account/tokens"), ("all-tokens", "/admin/tokens"), ("webhooks", list + "/settings/webhooks"), ("webhook", $"{list}/settings/webhooks/{site.Store.WebhooksOf(Site.Talk)[0].Id}"), ("all-webhooks", "/admin/webhooks"), ("account-password", "/account/password"), ("new-list", "/lists/new"), ("overview", list), ("held", list + "/held"), ("held-one", $"{list}/held/{site.HeldId}"),
            ("held-none", $"/lists/{Site.News}/held"), ("posts", list + "/posts"), ("trace", $"{list}/posts/{site.HeldId}"), ("members", list + "/members"), ("member", $"{list}/members/{Site.Member}"),
            ("import", list + "/members/import"), ("delivery", list + "/delivery"), ("announcements", list + "/announce"), ("draft", list + "/announce/draft"), ("draft-preview", list + "/announce/draft/preview"), ("announcement", $"{list}/announce/{site.AnnouncedId}"), ("settings", list + "/settings"),
            .. Web.Settings.SettingGroup.All.Select(group => ("settings-" + group.Name, $"{list}/settings/{group.Name}")),
            ("history", list + "/settings/history"), ("consent", list + "/settings/consent"), ("danger", list + "/settings/danger"), ("health", "/admin"), ("domains", "/admin/domains"), ("domain", "/admin/domains/lists.example"), ("domain-consent", "/admin/domains/lists.example/consent"), ("dns", "/admin/domains/lists.example/dns"),
            ("reports", "/admin/domains/lists.example/reports"), ("reports-none", "/admin/domains/other.example/reports"),
            ("queue", "/admin/queue"), ("users", "/admin/users"), ("audit", "/admin/audit"),
        ];
    }

    private static async Task LookAsync(IPage page, string name, string path, List<string> wrong, string look)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.GotoAsync(path);
        await LookAtAsync(page, name, wrong, look);
    }

    private static async Task LookAtAsync(IPage page, string name, List<string> wrong, string look)
    {
        await page.EvaluateAsync(Axe);
        foreach (var (scheme, rules) in new[] { (ColorScheme.Light, AllRules), (ColorScheme.Dark, Colours) })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Chromium.Pictures, $"{name}-{look}-{scheme}.png"), FullPage = true });
            wrong.AddRange((await page.EvaluateAsync<string[]>(Look, rules)).Take(10).Select(violation => $"{name} ({scheme}): {violation}"));
        }

        var (wide, window) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("document.documentElement.clientWidth"));
        if (wide > window)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {wide} wide in a window of {window}"));
        }
    }
}
