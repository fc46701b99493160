using System.Net;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists;

namespace ListServer.Web.Tests.Api;

/// <summary>Who comes in with a token, for what, and for how long (SEC-23, SEC-25, SEC-28, SEC-29).</summary>
public sealed class TokenTests
{
    private const string Talk = "/lists/" + Site.Talk;

    [Fact]
    public async Task A_token_is_made_on_the_page_shown_once_kept_as_a_hash_and_revoked_there()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        using var made = await browser.SubmitAsync("/account/tokens", ("name", "nightly <sync>"), ("scope", "members:read"), ("lists", Site.Talk), ("days", "30"));
        var page = await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var secret = "lst_" + page.Split("lst_")[1][..26];
        page.ShouldContain("nightly &lt;sync&gt;");
        (await browser.ReadAsync("/account/tokens")).ShouldNotContain(secret);
        var kept = site.Store.ApiTokens().Single();
        (kept.Address, kept.ExpiresAt).ShouldBe((Site.Owner, site.Time.GetUtcNow().AddDays(30)));
        kept.Hash.ShouldNotContain(secret[4..]);

        using var program = new ApiClient(site.Address, secret);
        (await program.GetAsync(Talk + "/members")).Status.ShouldBe(HttpStatusCode.OK);
        site.Store.ApiTokens().Single().LastUsedAt.ShouldBe(site.Time.GetUtcNow());
        (await browser.ReadAsync("/account/tokens")).ShouldContain("last used 2027-03-01 09:00 UTC, from 127.0.0.1");

        using var revoked = await browser.SubmitAsync("/account/tokens", $"/account/tokens/{kept.Id}/revoke");
        (await program.GetAsync(Talk + "/members")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_form_keeps_what_was_typed_and_nobody_revokes_another_persons_token()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        using var refused = await browser.SubmitAsync("/account/tokens", ("name", "my sync"), ("scope", "members:read"), ("lists", Site.News), ("days", "30"));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldContain("owner@people.example does not run news@other.example.");
        page.ShouldContain("value=\"my sync\"");

        using var admin = await ApiClient.OfAsync(site, Site.Admin);
        var id = site.Store.ApiTokens().Single().Id;
        using var foreign = await browser.SubmitAsync("/account/tokens", $"/account/tokens/{id}/revoke");
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync("/token")).Value("id").ShouldBe(id);
        using var byAdmin = await (await site.SignInAsync(Site.Admin)).SubmitAsync("/admin/tokens", $"/admin/tokens/{id}/revoke");
        (await admin.GetAsync("/token")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(Site.Member, "lists:read", "")]
    [InlineData(Site.Owner, "server:read", "")]
    [InlineData(Site.Owner, "lists:read", Site.News)]
    [InlineData(Site.Owner, "lists:everything", "")]
    [InlineData(Site.Admin, "server:read", Site.Talk)]
    [InlineData("nobody@people.example", "lists:read", "")]
    public async Task Nobody_gets_a_token_for_what_they_may_not(string address, string scope, string list)
    {
        await using var site = await Site.StartAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => site.DoAsync(new CreateToken(address, "test", [scope], list.Length > 0 ? [list] : [])));
        site.Store.ApiTokens().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_opens_nothing_at_the_API_and_a_token_no_page() // SEC-23
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Admin);
        using var answer = await browser.GetAsync("/api/v1/lists");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();

        using var program = await ApiClient.OfAsync(site, Site.Admin);
        var open = site.Open();
        open.Client.DefaultRequestHeaders.Authorization = new("Bearer", program.Token);
        (await open.GetAsync("/admin")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await open.GetAsync("/api/v1/token")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_never_exceeds_its_owners_rights_of_the_moment_its_scopes_and_its_lists()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        using var reader = await ApiClient.OfAsync(site, Site.Owner, null, "lists:read");
        using var narrow = await ApiClient.OfAsync(site, Site.Admin, [Site.Talk]);

        (await owner.GetAsync(Talk + "/members")).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.GetAsync($"/lists/{Site.News}/members")).Problem.ShouldBe("not-allowed");
        var refused = await reader.GetAsync(Talk + "/members");
        (refused.Status, refused.Headers.WwwAuthenticate.ToString()).ShouldBe((HttpStatusCode.Forbidden, "Bearer error=\"insufficient_scope\", scope=\"members:read\""));
        (await narrow.GetAsync(Talk)).Status.ShouldBe(HttpStatusCode.OK);
        (await narrow.GetAsync("/lists/" + Site.News)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await narrow.PostAsync("/lists", new { address = "new@lists.example" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await narrow.GetAsync("/lists")).Json.GetProperty("items").EnumerateArray().Select(list => list.GetProperty("address").GetString()).ShouldBe([Site.Talk]);

        await site.DoAsync(new SetMember(Site.Talk, Site.Owner) { Role = MemberRole.Moderator });
        (await owner.GetAsync(Talk + "/members")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.GetAsync(Talk + "/held")).Status.ShouldBe(HttpStatusCode.OK);
        await site.DoAsync(new SaveUser("second@people.example") { RunsServer = true });
        await site.DoAsync(new SaveUser(Site.Admin) { IsDisabled = true });
        (await narrow.GetAsync(Talk)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_ends_when_its_time_is_over()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        site.Time.Advance(TimeSpan.FromDays(90));
        var answer = await owner.GetAsync(Talk);
        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.Unauthorized, "not-authenticated"));
    }

    [Fact]
    public async Task Ten_guesses_a_minute_and_fifty_a_day_lock_a_network_out_and_no_other() // SEC-25
    {
        await using var site = await Site.StartAsync(new WebSettings(IsSecure: false, [IPNetwork.Parse("127.0.0.0/8")]));
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        using var guesser = new ApiClient(site.Address, "lst_" + new string('a', 26));
        var day = 0;
        for (; day < 50; day += 10)
        {
            for (var i = 0; i < 10; i++)
            {
                (await guesser.SendAsync("GET", Talk, null, ("X-Forwarded-For", $"192.0.2.{i}"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
            }

            var locked = await owner.SendAsync("GET", Talk, null, ("X-Forwarded-For", "192.0.2.200"));
            (locked.Status, locked.Headers.RetryAfter?.ToString()).ShouldBe((HttpStatusCode.TooManyRequests, "60"), "even the right token");
            (await owner.SendAsync("GET", Talk, null, ("X-Forwarded-For", "198.51.100.1"))).Status.ShouldBe(HttpStatusCode.OK);
            site.Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await owner.SendAsync("GET", Talk, null, ("X-Forwarded-For", "192.0.2.200"))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        site.Time.Advance(TimeSpan.FromDays(1));
        (await owner.SendAsync("GET", Talk, null, ("X-Forwarded-For", "192.0.2.200"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_is_good_for_600_requests_a_minute()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        for (var i = 0; i < 600; i++)
        {
            (await owner.GetAsync("/token")).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await owner.GetAsync("/token")).Problem.ShouldBe("too-many");
        site.Time.Advance(TimeSpan.FromMinutes(1));
        (await owner.SendAsync("DELETE", "/token", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync("/token")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
