using System.Net;
using ListServer.Admin.Audit;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;

namespace ListServer.Web.Tests;

/// <summary>Links, sessions and forms (SEC-23 to SEC-30).</summary>
public sealed class SignInTests
{
    [Theory]
    [InlineData(Site.Owner)]
    [InlineData("nobody@people.example")]
    public async Task Who_asks_for_a_link_hears_the_same_whether_known_or_not(string address) // SEC-25
    {
        await using var site = await Site.StartAsync();
        using var answer = await site.Open().SubmitAsync("/sign-in", ("address", address), ("to", "/lists"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"If {address} is known here");
        site.Letters.Select(letter => letter.To).ShouldBe(address == Site.Owner ? [address] : []);
    }

    [Fact]
    public async Task A_new_way_into_an_account_is_made_by_who_signed_in_a_moment_ago()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        site.Time.Advance(TimeSpan.FromMinutes(15));
        (await browser.ReadAsync("/account")).ShouldContain("/account/passkeys");
        site.Time.Advance(TimeSpan.FromSeconds(1));
        (await browser.ReadAsync("/account")).ShouldNotContain("action=\"/account/passkeys\"");
        foreach (var (path, home) in new[] { ("/account/passkeys/options", "/account"), ("/account/passkeys", "/account"), ("/account/password", "/account/password"), ("/account/tokens", "/account/tokens") })
        {
            using var refused = await browser.SubmitAsync("/account", path, ("name", "new"), ("scope", "lists:read"), ("days", "9"));
            (refused.StatusCode, refused.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/sign-in/again?to=" + Uri.EscapeDataString(home)), path);
        }

        using var page = await browser.GetAsync("/account/password");
        page.Headers.Location?.ToString().ShouldStartWith("/sign-in/again");
        (await site.DoAsync(new BrowseTokens(Site.Owner))).ShouldBeEmpty();

        var before = site.Store.Sessions(Site.Owner).Single().Hash;
        using var again = await browser.SubmitAsync("/sign-in/again?to=/account", "/in/" + (await site.DoAsync(new MakeLink(Site.Owner))).Token);
        site.Store.Sessions(Site.Owner).Single().Hash.ShouldNotBe(before, "the new session takes the place of the old one (SEC-24)");
        using var open = await browser.GetAsync("/account/password");
        open.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_mistyped_address_stays_in_the_form()
    {
        await using var site = await Site.StartAsync();
        using var answer = await site.Open().SubmitAsync("/sign-in", ("address", "ken at example"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldContain("value=\"ken at example\"");
        page.ShouldContain("This is not a mail address");
    }

    [Fact]
    public async Task A_link_works_once_and_for_fifteen_minutes() // SEC-28
    {
        await using var site = await Site.StartAsync();
        var first = await site.DoAsync(new MakeLink(Site.Owner));
        var second = await site.DoAsync(new MakeLink(Site.Owner));
        var (one, two) = (site.Open(), site.Open());

        using var opened = await one.SubmitAsync("/in/" + first.Token);
        opened.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await two.GetAsync("/in/" + first.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        site.Time.Advance(TimeSpan.FromMinutes(15));
        (await two.GetAsync("/in/" + second.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var again = await two.SubmitAsync("/sign-in", "/in/" + first.Token);
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Five_letters_an_hour_go_to_one_mailbox() // SEC-25
    {
        await using var site = await Site.StartAsync();
        var browser = site.Open();
        for (var i = 0; i < 8; i++)
        {
            using var answer = await browser.SubmitAsync("/sign-in", ("address", Site.Owner));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        site.Letters.Count.ShouldBe(5);
        site.Time.Advance(TimeSpan.FromHours(1));
        await browser.SubmitAsync("/sign-in", ("address", Site.Owner));
        site.Letters.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/ok\r\nSet-Cookie: a=b")]
    public async Task A_link_leads_to_this_site_only(string to) // SEC-30
    {
        await using var site = await Site.StartAsync();
        using var opened = await site.Open().SubmitAsync("/in/" + (await site.DoAsync(new MakeLink(Site.Owner))).Token, ("to", to));
        opened.Headers.Location!.ToString().ShouldBe("/lists");
    }

    [Fact]
    public async Task Who_asked_for_a_page_comes_to_it_after_signing_in()
    {
        await using var site = await Site.StartAsync();
        using var sent = await site.Open().GetAsync("/lists/talk@lists.example/posts?before=x");
        sent.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var to = Uri.UnescapeDataString(sent.Headers.Location!.ToString().Split("to=")[1]);
        to.ShouldBe("/lists/talk@lists.example/posts?before=x");
        using var opened = await site.Open().SubmitAsync("/in/" + (await site.DoAsync(new MakeLink(Site.Owner))).Token, ("to", to));
        opened.Headers.Location!.ToString().ShouldBe(to);
    }

    [Fact]
    public async Task A_session_is_kept_as_a_hash_and_ends_by_sign_out_by_time_and_by_hand() // SEC-24
    {
        await using var site = await Site.StartAsync();
        var (here, there, third) = (await site.SignInAsync(Site.Owner), await site.SignInAsync(Site.Owner), await site.SignInAsync(Site.Owner));
        var cookie = here.Cookies.GetCookies(site.Address)["session"]!;
        cookie.HttpOnly.ShouldBeTrue();
        var sessions = await site.DoAsync(new BrowseSessions(Site.Owner));
        sessions.Count.ShouldBe(3);
        sessions.ShouldAllBe(session => session.Hash != cookie.Value);

        using var out1 = await here.SubmitAsync("/account", "/sign-out");
        (await site.DoAsync(new BrowseSessions(Site.Owner))).Count.ShouldBe(2);
        here.Cookies.Add(site.Address, new Cookie("session", cookie.Value));
        (await here.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther, "the token is dead, not just forgotten by the browser");

        using var out2 = await there.SubmitAsync("/account", "/account/sessions/end");
        (await third.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        var late = await site.SignInAsync(Site.Owner);
        site.Time.Advance(OpenSession.Lifetime);
        (await late.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Who_loses_a_right_or_is_shut_out_is_signed_out_at_once() // SEC-24
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.DomainAdmin);
        await site.DoAsync(new SaveUser(Site.DomainAdmin) { IsDisabled = true });
        (await browser.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await Should.ThrowAsync<InvalidOperationException>(() => site.DoAsync(new MakeLink(Site.DomainAdmin)));
    }

    [Fact]
    public async Task The_only_admin_can_neither_go_nor_be_shut_out()
    {
        await using var site = await Site.StartAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => site.DoAsync(new SaveUser(Site.Admin) { IsDisabled = true }));
        await Should.ThrowAsync<InvalidOperationException>(() => site.DoAsync(new RemoveUser(Site.Admin)));
    }

    [Fact]
    public async Task Changes_stand_in_the_record_with_who_before_and_after()
    {
        await using var site = await Site.StartAsync();
        site.Time.Advance(TimeSpan.FromSeconds(1));
        await site.Desk.For(Site.Admin).RunAsync(new SaveUser(Site.DomainAdmin) { Name = "Dora" }, TestContext.Current.CancellationToken);

        var entry = (await site.DoAsync(new BrowseAudit(Site.DomainAdmin)))[0];

        (entry.By, entry.What, entry.About, entry.At).ShouldBe((Site.Admin, "SaveUser", Site.DomainAdmin, site.Time.GetUtcNow()));
        entry.Fields.ShouldBe([new AuditedValue("name", "", "Dora")]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("forged")]
    public async Task A_form_without_its_token_does_nothing(string token) // SEC-23
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        await browser.ReadAsync("/account");
        using var answer = await browser.PostAsync("/account/sessions/end", ("__RequestVerificationToken", token));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await site.DoAsync(new BrowseSessions(Site.Owner))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_of_somebody_elses_session_does_nothing() // SEC-23
    {
        await using var site = await Site.StartAsync();
        var (owner, moderator) = (await site.SignInAsync(Site.Owner), await site.SignInAsync(Site.Moderator));
        var page = await moderator.ReadAsync("/account");
        await owner.ReadAsync("/account");
        var token = page.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var answer = await owner.PostAsync("/account/sessions/end", ("__RequestVerificationToken", token));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_form_from_another_site_does_nothing_even_with_its_token(string header, string value) // SEC-23
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        browser.Client.DefaultRequestHeaders.Add(header, value);
        using var answer = await browser.SubmitAsync("/account", "/account/sessions/end");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await site.DoAsync(new BrowseSessions(Site.Owner))).Count.ShouldBe(1);
    }
}
