using System.Net;
using System.Text.Json;
using ListServer.Admin.Members;
using ListServer.Lists;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Tests.Api;

/// <summary>What programs rely on at /api/v1.</summary>
public sealed class ApiTests(Chromium chromium)
{
    private const string Talk = "/lists/" + Site.Talk;

    [Fact]
    public async Task A_list_is_made_changed_by_who_saw_it_and_removed()
    {
        await using var site = await Site.StartAsync();
        using var admin = await ApiClient.OfAsync(site, Site.DomainAdmin);
        var made = await admin.PostAsync("/lists", new { address = "garden@lists.example", owner = "ken@people.example", settings = new { posting = "announceOnly", maxHeldDays = 7 } });
        (made.Status, made.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Created, "/api/v1/lists/garden%40lists.example"));
        site.Store.FindList("garden@lists.example")!.Posting.ShouldBe(PostingPolicy.AnnounceOnly);
        site.Store.FindMember("garden@lists.example", "ken@people.example")!.Role.ShouldBe(MemberRole.Owner);

        var seen = await admin.GetAsync("/lists/garden@lists.example");
        seen.ETag.ShouldBe(made.ETag);
        seen.Json.GetProperty("settings").GetProperty("maxHeldDays").GetInt32().ShouldBe(7);
        (await admin.PatchAsync("/lists/garden@lists.example", new { description = "Plants" }, null)).Status.ShouldBe(HttpStatusCode.PreconditionRequired);
        var changed = await admin.PatchAsync("/lists/garden@lists.example", new { description = "Plants" }, seen.ETag);
        (changed.Status, changed.Value("description")).ShouldBe((HttpStatusCode.OK, "Plants"));
        (await admin.PatchAsync("/lists/garden@lists.example", new { description = "Trees" }, seen.ETag)).Problem.ShouldBe("changed");
        site.Store.FindList("garden@lists.example")!.Description.ShouldBe("Plants");

        (await admin.SendAsync("DELETE", "/lists/garden@lists.example", null)).Status.ShouldBe(HttpStatusCode.PreconditionRequired);
        (await admin.SendAsync("DELETE", "/lists/garden@lists.example", null, ("If-Match", changed.ETag!))).Status.ShouldBe(HttpStatusCode.NoContent);
        site.Store.FindList("garden@lists.example").ShouldBeNull();
        (await admin.PostAsync("/lists", new { address = "x@other.example" })).Problem.ShouldBe("not-allowed");
        site.Store.Audit("garden@lists.example", null, 9).Select(entry => (entry.By, entry.What)).ShouldBe(
            [(Site.DomainAdmin, "RemoveList"), (Site.DomainAdmin, "ChangeList"), (Site.DomainAdmin, "CreateList")], ignoreOrder: true);
    }

    [Fact]
    public async Task Members_are_added_once_paged_changed_and_removed()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var added = await owner.PostAsync(Talk + "/members", new { address = "Aki@people.example", displayName = "秋", wording = "Yes, please" });
        (added.Status, added.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Created, "/api/v1/lists/talk%40lists.example/members/Aki%40people.example"));
        var again = await owner.PostAsync(Talk + "/members", new { address = "aki@people.example", role = "owner" });
        (again.Status, again.WrongFields.Single()).ShouldBe((HttpStatusCode.Conflict, "address"));
        site.Store.FindMember(Site.Talk, "aki@people.example")!.Role.ShouldBe(MemberRole.Member);

        var pages = new List<string>();
        for (string? path = "?limit=2"; path is not null;)
        {
            var page = await owner.GetAsync(Talk + "/members" + path);
            pages.Add(string.Join(' ', page.Json.GetProperty("items").EnumerateArray().Select(member => member.GetProperty("address").GetString())));
            path = page.Json.GetProperty("next").GetString() is { } next ? "?limit=2&cursor=" + next : null;
        }

        pages.ShouldBe(["Aki@people.example member@people.example", "moderator@people.example owner@people.example"]);
        var one = await owner.GetAsync(Talk + "/members/aki@people.example");
        var changed = await owner.PatchAsync(Talk + "/members/aki@people.example", new { delivery = "paused", until = site.Time.GetUtcNow().AddDays(9) }, one.ETag);
        changed.Status.ShouldBe(HttpStatusCode.OK);
        site.Store.FindMember(Site.Talk, "aki@people.example")!.PausedUntil.ShouldBe(site.Time.GetUtcNow().AddDays(9));
        (await owner.SendAsync("DELETE", Talk + "/members/aki@people.example", null, ("If-Match", one.ETag!))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await owner.SendAsync("DELETE", Talk + "/members/aki@people.example", null, ("If-Match", changed.ETag!))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync(Talk + "/members/aki@people.example")).Problem.ShouldBe("not-found");
    }

    [Theory]
    [InlineData("{\"address\":", "invalid", 400, "")]
    [InlineData("[]", "invalid", 400, "")]
    [InlineData("null", "invalid", 400, null)]
    [InlineData("{}", "invalid", 400, "address")]
    [InlineData("{\"address\":null}", "invalid", 400, "address")]
    [InlineData("{\"address\":7,\"role\":\"king\",\"adress\":\"\"}", "invalid", 400, "address,role,adress")]
    [InlineData("{\"address\":\"a@b.example\",\"address\":\"c@d.example\"}", "invalid", 400, "address")]
    [InlineData("{\"address\":\"no address\"}", "invalid", 400, "address")]
    [InlineData("{\"address\":\"a@b.example\",\"role\":1}", "invalid", 400, "role")]
    [InlineData("{\"address\":\"a@b.example\",\"isReceiving\":\"yes\"}", "invalid", 400, "isReceiving")]
    public async Task What_is_wrong_is_said_field_by_field_and_nothing_is_done(string body, string problem, int status, string? fields)
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var answer = await owner.SendAsync("POST", Talk + "/members", body);
        ((int)answer.Status, answer.Problem).ShouldBe((status, problem), answer.Text);
        if (fields is { Length: > 0 })
        {
            answer.WrongFields.ShouldBe(fields.Split(','));
        }

        answer.Text.ShouldNotContain("ListServer.");
        site.Store.CountMembers(Site.Talk).ShouldBe(3);
    }

    [Fact]
    public async Task What_is_too_large_of_another_type_or_nowhere_is_refused_as_a_problem()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        (await owner.SendAsync("POST", Talk + "/members", "{\"address\":\"" + new string('a', 1 << 20) + "\"}")).Problem.ShouldBe("too-large");
        (await owner.SendAsync("POST", Talk + "/members", "address=a@b.example", ("Content-Type", "application/x-www-form-urlencoded"))).Problem.ShouldBe("wrong-media-type");
        (await owner.GetAsync("/nowhere")).Problem.ShouldBe("not-found");
        (await owner.SendAsync("PUT", Talk + "/members", "{}")).Problem.ShouldBe("wrong-method");
        (await owner.GetAsync(Talk + "/members?cursor=zzz")).WrongFields.ShouldBe(["cursor"]);
        (await owner.GetAsync(Talk + "/members?limit=0&page=2&filter=x")).WrongFields.ShouldBe(["limit", "page"]);
        (await owner.GetAsync(Talk + "/members?filter=x")).WrongFields.ShouldBe(["filter"]);
        (await owner.GetAsync("/token?x=1")).WrongFields.ShouldBe(["x"]);
    }

    [Fact]
    public async Task The_same_Idempotency_Key_does_nothing_twice_and_stands_for_one_thing()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        using var moderator = await ApiClient.OfAsync(site, Site.Admin);
        var first = await owner.PostAsync(Talk + "/members", new { address = "aki@people.example" }, ("Idempotency-Key", "add-1"));
        first.Status.ShouldBe(HttpStatusCode.Created);
        await site.DoAsync(new RemoveMember(Site.Talk, "aki@people.example"));
        var second = await owner.PostAsync(Talk + "/members", new { address = "aki@people.example" }, ("Idempotency-Key", "add-1"));
        (second.Status, second.Text, second.ETag, second.Headers.Location).ShouldBe((first.Status, first.Text, first.ETag, first.Headers.Location));
        site.Store.FindMember(Site.Talk, "aki@people.example").ShouldBeNull("it was not done again");

        (await owner.PostAsync(Talk + "/members", new { address = "other@people.example" }, ("Idempotency-Key", "add-1"))).Problem.ShouldBe("key-reused");
        (await owner.PostAsync(Talk + "/members", new { address = "other@people.example" }, ("Idempotency-Key", "with blank"))).WrongFields.ShouldBe(["Idempotency-Key"]);
        (await moderator.PostAsync(Talk + "/members", new { address = "aki@people.example" }, ("Idempotency-Key", "add-1"))).Status.ShouldBe(HttpStatusCode.Created, "keys are each token's own");
        site.Time.Advance(TimeSpan.FromDays(1));
        (await owner.PostAsync(Talk + "/members", new { address = "other@people.example" }, ("Idempotency-Key", "add-1"))).Status.ShouldBe(HttpStatusCode.Created, "a day later it is a new one");
    }

    [Fact]
    public async Task What_was_begun_when_the_server_ended_is_not_done_again_but_told()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        await owner.PostAsync(Talk + "/members", new { address = "aki@people.example" }, ("Idempotency-Key", "add-1"));
        var name = $"{site.Store.ApiTokens().Single().Id}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("add-1"u8))}";
        await site.Store.CommitAsync(new Store.Changes.RepeatBegun(site.Store.FindRepeat(name)! with { Answer = null }), TestContext.Current.CancellationToken);
        (await owner.PostAsync(Talk + "/members", new { address = "aki@people.example" }, ("Idempotency-Key", "add-1"))).Problem.ShouldBe("outcome-unknown");
    }

    [Fact]
    public async Task A_held_post_is_decided_once_and_by_its_own_list_only()
    {
        await using var site = await Site.StartAsync();
        await site.FillPostsAsync();
        using var moderator = await ApiClient.OfAsync(site, Site.Moderator);
        using var admin = await ApiClient.OfAsync(site, Site.Admin);
        (await moderator.GetAsync(Talk + "/held?limit=2")).Json.GetProperty("items").GetArrayLength().ShouldBe(2);
        var held = await moderator.GetAsync($"{Talk}/held/{site.HeldId}");
        held.Json.GetProperty("post").GetProperty("sizeOctets").GetInt64().ShouldBeGreaterThan(0);
        (await admin.PostAsync($"/lists/{Site.News}/held/{site.HeldId}/decision", new { decision = "reject" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync($"/lists/{Site.News}/posts/{site.HeldId}")).Status.ShouldBe(HttpStatusCode.NotFound);

        var decided = await moderator.PostAsync($"{Talk}/held/{site.HeldId}/decision", new { decision = "reject", reason = "off topic" });
        (decided.Status, decided.Value("state"), decided.Value("rejectedBy")).ShouldBe((HttpStatusCode.OK, "rejected", Site.Moderator));
        (await admin.PostAsync($"{Talk}/held/{site.HeldId}/decision", new { decision = "accept" })).Problem.ShouldBe("conflict");
        (await moderator.GetAsync($"{Talk}/posts/{site.HeldId}")).Json.GetProperty("events").GetArrayLength().ShouldBe(2);
        (await moderator.GetAsync(Talk + "/posts?state=rejected")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_server_its_domains_people_and_bans_are_run_by_its_admin()
    {
        await using var site = await Site.StartAsync();
        using var admin = await ApiClient.OfAsync(site, Site.Admin);
        (await admin.GetAsync("/health")).Json.GetProperty("domainsWithoutKey").EnumerateArray().Select(name => name.GetString()).ShouldBe(["lists.example", "other.example"]);
        (await admin.PostAsync("/domains", new { name = "Bücher.example" })).Headers.Location?.ToString().ShouldBe("/api/v1/domains/xn--bcher-kva.example");
        (await admin.PostAsync("/domains", new { name = "no domain" })).WrongFields.ShouldBe(["name"]);
        var key = await admin.PostAsync("/domains/xn--bcher-kva.example/keys", new { selector = "s1", isEd25519 = true });
        (key.Status, key.Value("name")).ShouldBe((HttpStatusCode.Created, "s1._domainkey.xn--bcher-kva.example"));
        key.Text.ShouldNotContain("PRIVATE");
        (await admin.SendAsync("PUT", "/users/dora@people.example", "{\"domains\":[\"lists.example\"]}")).Status.ShouldBe(HttpStatusCode.OK);
        site.Store.FindUser("dora@people.example")!.Domains.ShouldBe(["lists.example"]);
        (await admin.PostAsync("/bans", new { pattern = "*@spam.example" })).Status.ShouldBe(HttpStatusCode.Created);
        (await admin.PostAsync(Talk + "/members", new { address = "a@spam.example" })).Status.ShouldNotBe(HttpStatusCode.Created);
        (await admin.SendAsync("DELETE", "/bans/" + Uri.EscapeDataString("*@spam.example"), null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.GetAsync("/queue")).Json.GetProperty("destinations").GetArrayLength().ShouldBe(0);
        (await admin.GetAsync("/audit?about=dora@people.example")).Json.GetProperty("items")[0].GetProperty("by").GetString().ShouldBe(Site.Admin);
        (await admin.GetAsync("/lists/none@lists.example")).Problem.ShouldBe("not-found");
    }

    [Fact]
    public async Task Every_problem_has_a_page_that_says_what_to_do()
    {
        await using var site = await Site.StartAsync();
        var page = await site.Open().ReadAsync("/api/problems/needs-if-match");
        page.ShouldContain("428");
        page.ShouldContain("If-Match");
        (await site.Open().GetAsync("/api/problems/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_document_names_every_route_with_its_parameters()
    {
        await using var site = await Site.StartAsync();
        var document = JsonDocument.Parse(await site.Open().ReadAsync("/api/v1/openapi.json")).RootElement;
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        var named = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        var mapped = site.Endpoints.OfType<RouteEndpoint>().Where(route => route.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal) && !route.RoutePattern.RawText.EndsWith("openapi.json", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}"));
        named.Order().ShouldBe(mapped.Order());

        var patch = document.GetProperty("paths").GetProperty("/api/v1/lists/{list}/members/{address}").GetProperty("patch");
        patch.GetProperty("parameters").EnumerateArray().Select(parameter => $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}").ShouldBe(["path list", "path address", "header If-Match"]);
        patch.GetProperty("description").GetString().ShouldBe("Right: Own. Scope: members:write.");
        document.GetProperty("components").GetProperty("schemas").GetProperty("MemberChange").GetProperty("properties").TryGetProperty("displayName", out _).ShouldBeTrue();
        document.GetProperty("components").GetProperty("schemas").GetProperty("PostState").GetProperty("enum").EnumerateArray().Select(value => value.GetString()).ShouldContain("distributed");
    }

    [Fact]
    public async Task The_documentation_shows_the_API_without_a_request_elsewhere_and_within_its_policy()
    {
        await using var site = await Site.StartAsync();
        var page = await chromium.OpenAsync(site, 1200);
        var (foreign, wrong) = (new List<string>(), new List<string>());
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } there && !(there.IsLoopback && there.Port == site.Address.Port))
            {
                foreign.Add(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                wrong.Add(message.Text);
            }
        };
        await page.GotoAsync("/api/docs");
        await page.GetByText("Announcements").First.WaitForAsync(new() { Timeout = 60_000 });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Pictures, "api-docs.png") });
        await page.Context.CloseAsync();
        wrong.ShouldBeEmpty();
        foreign.ShouldBeEmpty();
        using var elsewhere = await site.Open().GetAsync("/sign-in");
        elsewhere.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
    }
}
