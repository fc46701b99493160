using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ListServer.Web.Tests;

/// <summary>UI-5: no violation of WCAG 2.2 A/AA that axe can see, on every page, light and dark, on a phone and a desk, in both languages; nothing wider than the window.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    private static readonly AxeRunOptions AllRules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    // What is the same in the dark needs no second look: only colours change.
    private static readonly AxeRunOptions Colours = new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } };

    // Each look takes a browser some seconds: a run sees every page at one width in one language, and some of each kind at all of them.
    // With ALL_PAGES=true it sees everything, in a quarter of an hour.
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("ALL_PAGES") == "true";
    private static readonly string[] Few = ["sign-in", "account", "leave", "held-one", "settings-posting"];

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
        foreach (var (name, path) in Pages(site, isSignedIn: false).Where((page, at) => IsChosen(page.Name, at, (width == 390 ? 0 : 2) + (language == "en" ? 0 : 1))))
        {
            await LookAsync(page, name, path + "?lang=" + language, wrong, $"{width}-{language}");
        }

        await site.DoAsync(new Admin.Members.AddMember(Site.Talk, Site.Admin));
        await Chromium.SignInAsync(page, site, Site.Admin);
        foreach (var (name, path) in Pages(site, isSignedIn: true).Where((page, at) => IsChosen(page.Name, at, (width == 390 ? 0 : 2) + (language == "en" ? 0 : 1))))
        {
            await LookAsync(page, name, path, wrong, $"{width}-{language}");
        }

        await page.Context.CloseAsync();
        wrong.ShouldBeEmpty();
    }

    private static bool IsChosen(string name, int at, int look) => IsThorough || Few.Contains(name) || at % 4 == look;

    private static IEnumerable<(string Name, string Path)> Pages(Site site, bool isSignedIn)
    {
        if (!isSignedIn)
        {
            return [("home", "/"), ("sign-in", "/sign-in"), ("sign-in-password", "/sign-in/password"), ("bad-link", "/in/none"), ("leave", site.LeavePath), ("missing", "/nothing/here")];
        }

        var list = "/lists/" + Site.Talk;
        return
        [
            ("lists", "/lists"), ("account", "/account"), ("me", "/me"), ("tokens", "/account/tokens"), ("all-tokens", "/admin/tokens"), ("account-password", "/account/password"), ("new-list", "/lists/new"), ("overview", list), ("held", list + "/held"), ("held-one", $"{list}/held/{site.HeldId}"),
            ("held-none", $"/lists/{Site.News}/held"), ("posts", list + "/posts"), ("trace", $"{list}/posts/{site.HeldId}"), ("members", list + "/members"), ("member", $"{list}/members/{Site.Member}"),
            ("import", list + "/members/import"), ("delivery", list + "/delivery"), ("settings", list + "/settings"),
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
        foreach (var (scheme, rules) in new[] { (ColorScheme.Light, AllRules), (ColorScheme.Dark, Colours) })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Chromium.Pictures, $"{name}-{look}-{scheme}.png"), FullPage = true });
            var result = await page.RunAxe(rules);
            wrong.AddRange(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name} ({scheme}): {violation.Id}: {node.Html}")).Take(10));
        }

        var (wide, window) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("document.documentElement.clientWidth"));
        if (wide > window)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {wide} wide in a window of {window}"));
        }
    }
}
