using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ListServer.Web.Tests.Chromium))]

namespace ListServer.Web.Tests;

/// <summary>The system's Chromium, started once for all browser tests. Pictures of pages land in TestResults/pages beside the test's program.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static string Pictures { get; } = Path.Combine(AppContext.BaseDirectory, "TestResults", "pages");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Pictures);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page in a window of its own.</summary>
    internal async Task<IPage> OpenAsync(Site site, int width = 1200, ColorScheme scheme = ColorScheme.Light, bool hasScript = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = $"http://localhost:{site.Address.Port}", // passkeys belong to a name, never to an IP address
            ViewportSize = new ViewportSize { Width = width, Height = width < 500 ? 844 : 800 },
            ColorScheme = scheme,
            JavaScriptEnabled = hasScript,
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>Signs somebody in by a link, as a person does.</summary>
    internal static async Task SignInAsync(IPage page, Site site, string address)
    {
        await page.GotoAsync("/in/" + (await site.DoAsync(new Admin.People.MakeLink(address))).Token);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/lists");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
