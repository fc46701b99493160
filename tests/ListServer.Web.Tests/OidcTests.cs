using System.Net;
using System.Text.Json.Nodes;
using ListServer.Admin.People;

namespace ListServer.Web.Tests;

/// <summary>A provider of identities signs in whom it vouches for and who is known here, and nobody else.</summary>
public sealed class OidcTests
{
    [Fact]
    public async Task A_verified_address_that_is_known_signs_in_and_comes_to_the_page_it_asked_for()
    {
        await using var provider = await Provider.StartAsync();
        await using var site = await StartAsync(provider);
        provider.Claims = Verified(Site.Owner);
        var browser = site.Open();
        (await browser.ReadAsync("/sign-in")).ShouldContain("Sign in with Example");

        (await SignInAsync(browser, "/lists/talk@lists.example/members")).ShouldBe("/lists/talk@lists.example/members");

        (await browser.GetAsync("/lists/talk@lists.example/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await site.DoAsync(new BrowseSessions(Site.Owner))).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("not verified")]
    [InlineData("says nothing of it")]
    [InlineData("no address")]
    [InlineData("unknown here")]
    [InlineData("shut out")]
    [InlineData("for another site")]
    [InlineData("another nonce")]
    [InlineData("another key")]
    public async Task Nobody_else_signs_in(string fault)
    {
        await using var provider = await Provider.StartAsync();
        await using var site = await StartAsync(provider);
        provider.Claims = fault switch
        {
            "not verified" => new JsonObject { ["email"] = Site.Owner, ["email_verified"] = false },
            "says nothing of it" => new JsonObject { ["email"] = Site.Owner },
            "no address" => new JsonObject { ["email_verified"] = true },
            "unknown here" => Verified("nobody@people.example"),
            "shut out" => Verified(Site.DomainAdmin),
            _ => Verified(Site.Owner),
        };
        provider.Audience = fault == "for another site" ? "another" : Provider.ClientId;
        (provider.KeepsNonce, provider.HasItsKey) = (fault != "another nonce", fault != "another key");
        await site.DoAsync(new SaveUser(Site.DomainAdmin) { IsDisabled = true });
        var browser = site.Open();

        (await SignInAsync(browser, "/lists")).ShouldBeNull();

        (await browser.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task What_comes_back_to_another_browser_or_without_having_been_asked_for_signs_in_nobody()
    {
        await using var provider = await Provider.StartAsync();
        await using var site = await StartAsync(provider);
        provider.Claims = Verified(Site.Owner);
        var back = await AskAsync(site.Open(), "/lists");
        foreach (var path in (string[])[back.PathAndQuery, "/sign-in/oidc/callback", "/sign-in/oidc/callback?code=once&state=x"])
        {
            using var answer = await site.Open().GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }

        (await site.DoAsync(new BrowseSessions(Site.Owner))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_provider_that_is_gone_leaves_the_other_ways()
    {
        var provider = await Provider.StartAsync();
        await using var site = await StartAsync(provider);
        await provider.DisposeAsync();
        using var answer = await site.Open().GetAsync("/sign-in/oidc");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Send me a link");
    }

    [Fact]
    public async Task Without_a_provider_there_is_none()
    {
        await using var site = await Site.StartAsync();
        (await site.Open().ReadAsync("/sign-in")).ShouldNotContain("/sign-in/oidc");
        (await site.Open().GetAsync("/sign-in/oidc")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await site.Open().GetAsync("/sign-in/oidc/callback?code=x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static JsonObject Verified(string address) => new() { ["email"] = address, ["email_verified"] = true };

    private static Task<Site> StartAsync(Provider provider) => Site.StartAsync(new WebSettings(IsSecure: false, [])
    {
        Provider = new IdentityProvider(provider.Address, Provider.ClientId, Provider.ClientSecret, "Example"),
    });

    /// <summary>Where the provider sends the browser back.</summary>
    private static async Task<Uri> AskAsync(Site.Browser browser, string to)
    {
        using var asked = await browser.GetAsync("/sign-in/oidc?to=" + Uri.EscapeDataString(to));
        asked.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var answered = await browser.Client.GetAsync(asked.Headers.Location!, TestContext.Current.CancellationToken);
        return answered.Headers.Location!;
    }

    /// <summary>Where it leads; null for nowhere.</summary>
    private static async Task<string?> SignInAsync(Site.Browser browser, string to)
    {
        using var back = await browser.Client.GetAsync(await AskAsync(browser, to), TestContext.Current.CancellationToken);
        return back.StatusCode is HttpStatusCode.SeeOther ? back.Headers.Location!.ToString() : null;
    }
}
