using System.Net;
using System.Text.Json.Nodes;
using ListServer.Admin.Audit;
using ListServer.Admin.People;
using ListServer.Web.SignIn;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace ListServer.Web.Tests;

/// <summary>Passkeys: in a real browser with a virtual device, and with a device in software that lies (SEC-24, SEC-25).</summary>
public sealed class PasskeyTests(Chromium chromium)
{
    private const string Home = "https://lists.example";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passkey_is_added_after_a_link_signs_in_without_an_address_and_is_renamed_and_removed()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site);
        await PlugInAsync(page);
        await page.GotoAsync($"/in/{(await site.DoAsync(new MakeLink(Site.Owner))).Token}");
        await page.ClickAsync("main button[type=submit]");
        await page.GotoAsync("/account");
        await page.FillAsync("#passkey-name", "Red phone");
        await page.ClickAsync("text=Add a passkey");
        (await page.TextContentAsync("[role=status]"))!.ShouldContain("“Red phone” signs you in");
        await page.ClickAsync("text=Sign out");

        await page.GotoAsync("/sign-in?to=/lists/talk@lists.example/members");
        await page.ClickAsync("text=Sign in with a passkey");
        await page.WaitForURLAsync($"http://localhost:{site.Address.Port}/lists/talk@lists.example/members");
        var passkey = (await site.DoAsync(new BrowsePasskeys(Site.Owner))).Passkeys.ShouldHaveSingleItem();
        passkey.UsedAt.ShouldBe(site.Time.GetUtcNow());
        passkey.Key.SignCount.ShouldBeGreaterThan(1u, "the device counts, and what it counted is kept");

        await page.GotoAsync("/account");
        await page.ClickAsync("text=Call it something else");
        await page.FillAsync("article [name=name]", "Blue phone");
        await page.ClickAsync("text=Rename");
        (await page.TextContentAsync("article.row-card strong")).ShouldBe("Blue phone");
        await page.ClickAsync("[aria-label='Remove Blue phone']");
        (await site.DoAsync(new BrowsePasskeys(Site.Owner))).Passkeys.ShouldBeEmpty();

        await page.ClickAsync("text=Sign out");
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("text=Sign in with a passkey");
        (await page.TextContentAsync("p.problem[role=alert]:not([hidden])"))!.ShouldContain("not known here");
        (await site.DoAsync(new BrowseAudit(Site.Owner))).SelectMany(entry => entry.Fields).Where(field => field.Name == "passkey")
            .ShouldBe([new AuditedValue("passkey", "Blue phone", ""), new AuditedValue("passkey", "Red phone", "Blue phone"), new AuditedValue("passkey", "", "Red phone")], ignoreOrder: true);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_or_on_a_site_without_a_name_the_link_is_what_is_offered() // UI-8
    {
        await using var site = await Site.StartAsync();
        foreach (var (hasScript, host) in ((bool, string)[])[(true, "127.0.0.1"), (false, "localhost")])
        {
            var page = await chromium.OpenAsync(site, hasScript: hasScript);
            await page.GotoAsync($"http://{host}:{site.Address.Port}/sign-in");
            (await page.IsVisibleAsync("text=Sign in with a passkey")).ShouldBeFalse();
            (await page.IsVisibleAsync("text=Send me a link")).ShouldBeTrue();
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task An_answer_counts_once()
    {
        await using var site = await StartAsync();
        using var device = new Device("lists.example", Home);
        await AddAsync(site, device);
        var (browser, begun) = await BeginAsync(site);
        device.Count = 1;
        var credential = device.Sign(begun["options"]!);

        using var first = await AnswerAsync(browser, begun, credential);
        using var again = await AnswerAsync(site.Open(), begun, credential);

        (first.StatusCode, again.StatusCode).ShouldBe((HttpStatusCode.SeeOther, HttpStatusCode.BadRequest));
        (await browser.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_that_takes_five_minutes_is_too_late()
    {
        await using var site = await StartAsync();
        using var device = new Device("lists.example", Home);
        await AddAsync(site, device);
        var (browser, begun) = await BeginAsync(site);
        site.Time.Advance(PasskeyChallenges.Lifetime);

        using var late = await AnswerAsync(browser, begun, device.Sign(begun["options"]!));

        late.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("evil.example", Home, true, true, false, 2u)]
    [InlineData("lists.example", "https://evil.example", true, true, false, 2u)]
    [InlineData("lists.example", "http://lists.example", true, true, false, 2u)]
    [InlineData("lists.example", "https://lists.example:444", true, true, false, 2u)]
    [InlineData("lists.example", Home, false, true, false, 2u)]
    [InlineData("lists.example", Home, true, false, false, 2u)]
    [InlineData("lists.example", Home, true, true, true, 2u)]
    [InlineData("lists.example", Home, true, true, false, 1u)]
    [InlineData("lists.example", Home, true, true, false, 0u)]
    public async Task A_device_that_signs_for_another_site_asks_nobody_has_another_key_or_counted_no_further_signs_in_nobody(
        string domain, string origin, bool asksWho, bool hasItsKey, bool isFramed, uint count)
    {
        await using var site = await StartAsync();
        using var device = new Device("lists.example", Home) { Count = 1 };
        await AddAsync(site, device);
        var (browser, begun) = await BeginAsync(site);
        var liar = device with { Domain = domain, Origin = origin, AsksWho = asksWho, HasItsKey = hasItsKey, IsFramed = isFramed, Count = count };

        using var answer = await AnswerAsync(browser, begun, liar.Sign(begun["options"]!));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("evil.example", Home, true)]
    [InlineData("lists.example", "https://evil.example", true)]
    [InlineData("lists.example", Home, false)]
    public async Task No_passkey_is_added_that_is_for_another_site_or_asks_nobody(string domain, string origin, bool asksWho)
    {
        await using var site = await StartAsync();
        using var device = new Device(domain, origin) { AsksWho = asksWho };
        (await AddAsync(site, device)).ShouldBe(HttpStatusCode.BadRequest);
        (await site.DoAsync(new BrowsePasskeys(Site.Owner))).Passkeys.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_passkey_that_somebody_has_is_nobody_else_s()
    {
        await using var site = await StartAsync();
        using var device = new Device("lists.example", Home);
        await AddAsync(site, device);
        (await AddAsync(site, device, Site.Moderator)).ShouldBe(HttpStatusCode.BadRequest);
        (await site.DoAsync(new BrowsePasskeys(Site.Moderator))).Passkeys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_shut_out_signs_in_by_no_passkey() // SEC-24
    {
        await using var site = await StartAsync();
        using var device = new Device("lists.example", Home);
        await AddAsync(site, device, Site.DomainAdmin);
        await site.DoAsync(new SaveUser(Site.DomainAdmin) { IsDisabled = true });
        var (browser, begun) = await BeginAsync(site);

        using var answer = await AnswerAsync(browser, begun, device.Sign(begun["options"]!));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[[[[[[")]
    [InlineData("{\"id\":\"AA\",\"type\":\"public-key\",\"response\":{}}")]
    public async Task Nonsense_signs_in_nobody(string credential)
    {
        await using var site = await StartAsync();
        var (browser, begun) = await BeginAsync(site);
        using var answer = await AnswerAsync(browser, begun, credential);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void A_network_that_asks_without_end_is_not_answered_and_others_are()
    {
        var challenges = new PasskeyChallenges(new FakeTimeProvider());
        for (var i = 0; i < PasskeyChallenges.MostOfNetwork; i++)
        {
            challenges.Keep("x", "state", "192.0.2.1").ShouldNotBeNull();
        }

        challenges.Keep("x", "state", "192.0.2.77").ShouldBeNull();
        challenges.Take(challenges.Keep("x", "state", "198.51.100.1")!, "y").ShouldBeNull("it was asked for something else");
        challenges.Take(challenges.Keep("x", "state", "198.51.100.1")!, "x").ShouldBe("state");
    }

    private static Task<Site> StartAsync() => Site.StartAsync(new WebSettings(IsSecure: false, []) { BaseUrl = new Uri(Home) });

    private static async Task<HttpStatusCode> AddAsync(Site site, Device device, string address = Site.Owner)
    {
        var browser = await site.SignInAsync(address);
        using var asked = await browser.SubmitAsync("/account", "/account/passkeys/options");
        var begun = JsonNode.Parse(await asked.Content.ReadAsStringAsync(Cancelled))!;
        using var added = await browser.SubmitAsync("/account", "/account/passkeys", ("name", "Phone"), ("challenge", begun["challenge"]!.GetValue<string>()), ("credential", device.Create(begun["options"]!)));
        return added.StatusCode;
    }

    private static async Task<(Site.Browser Browser, JsonNode Begun)> BeginAsync(Site site)
    {
        var browser = site.Open();
        using var asked = await browser.SubmitAsync("/sign-in", "/sign-in/passkey/options");
        var begun = JsonNode.Parse(await asked.Content.ReadAsStringAsync(Cancelled))!;
        begun["options"]!["allowCredentials"]!.AsArray().ShouldBeEmpty("nobody is told who has passkeys");
        return (browser, begun);
    }

    private static Task<HttpResponseMessage> AnswerAsync(Site.Browser browser, JsonNode begun, string credential) =>
        browser.SubmitAsync("/sign-in", "/sign-in/passkey", ("challenge", begun["challenge"]!.GetValue<string>()), ("credential", credential));

    private static async Task PlugInAsync(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
            },
        });
    }
}
