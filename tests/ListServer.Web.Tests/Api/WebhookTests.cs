using System.Net;
using ListServer.Admin.Tokens;
using ListServer.Lists.Webhooks;

namespace ListServer.Web.Tests.Api;

/// <summary>Webhooks, as programs and owners make them; what receivers get is tested with the courier.</summary>
public sealed class WebhookTests
{
    private const string Hooks = "/lists/" + Site.Talk + "/webhooks";

    [Fact]
    public async Task A_webhook_is_made_tried_given_another_secret_and_removed()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var wanted = new { url = "https://hooks.example.org/talk", events = new[] { "member.joined", "post.held" } };
        (await owner.PostAsync(Hooks, wanted, ("Idempotency-Key", "once"))).WrongFields.ShouldBe(["Idempotency-Key"], "the answer holds a secret, which nobody keeps");
        var made = await owner.PostAsync(Hooks, wanted);
        var hook = made.Json.GetProperty("webhook").GetProperty("id").GetString()!;
        (made.Status, made.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Created, $"/api/v1/lists/talk%40lists.example/webhooks/{hook}"));
        made.Value("secret").ShouldBe(WebhookSignature.Secret(site.Store.Secret.Span, hook, 0));
        (await owner.GetAsync($"{Hooks}/{hook}")).Text.ShouldNotContain(made.Value("secret"));

        (await owner.SendAsync("POST", $"{Hooks}/{hook}/test", null)).Status.ShouldBe(HttpStatusCode.Accepted);
        await owner.PostAsync("/lists/" + Site.Talk + "/members", new { address = "aki@people.example" });
        await owner.SendAsync("DELETE", "/lists/" + Site.Talk + "/members/aki@people.example", null, ("If-Match", "*"));
        var page = await owner.GetAsync($"{Hooks}/{hook}/events?limit=1");
        page.Json.GetProperty("items")[0].GetProperty("kind").GetString().ShouldBe("member.joined");
        var last = await owner.GetAsync($"{Hooks}/{hook}/events?limit=1&cursor={page.Value("next")}");
        (last.Json.GetProperty("items")[0].GetProperty("kind").GetString(), last.Json.GetProperty("next").GetString()).ShouldBe(("webhook.test", null));
        (await owner.PostAsync($"{Hooks}/{hook}/replay", new { })).Value("events").ShouldBe("2");

        (await owner.SendAsync("POST", $"{Hooks}/{hook}/enable", null)).Problem.ShouldBe("conflict");
        (await owner.SendAsync("POST", $"{Hooks}/{hook}/secret", null)).Value("secret").ShouldBe(WebhookSignature.Secret(site.Store.Secret.Span, hook, 1));
        (await owner.SendAsync("DELETE", $"{Hooks}/{hook}", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync($"{Hooks}/{hook}")).Problem.ShouldBe("not-found");
        site.Store.HasWebhookEvents.ShouldBeFalse();
        site.Store.Audit(Site.Talk, null, 99).Where(entry => entry.What.Contains("Webhook", StringComparison.Ordinal)).Select(entry => entry.What)
            .ShouldBe(["RemoveWebhook", "RenewWebhookSecret", "AddWebhook"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("http://hooks.example.org/", "", "url")]
    [InlineData("https://hooks.example.org/", "report.received", "events")]
    [InlineData("https://hooks.example.org/", "member.vanished", "events")]
    public async Task A_webhook_of_a_list_is_told_of_the_list_by_TLS(string url, string kind, string field)
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        (await owner.PostAsync(Hooks, new { url, events = kind.Length > 0 ? new[] { kind } : [] })).WrongFields.ShouldBe([field]);
        site.Store.Webhooks().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_webhook_is_its_own_list_s_and_needs_its_scope()
    {
        await using var site = await Site.StartAsync();
        using var admin = await ApiClient.OfAsync(site, Site.Admin);
        var hook = (await admin.PostAsync("/webhooks", new { url = "https://hooks.example.org/all", events = new[] { "report.received" } })).Json.GetProperty("webhook").GetProperty("id").GetString();
        (await admin.GetAsync("/webhooks/" + hook)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var (method, path) in new[] { ("GET", ""), ("GET", "/events"), ("POST", "/test"), ("POST", "/secret"), ("POST", "/enable"), ("DELETE", "") })
        {
            (await admin.SendAsync(method, $"{Hooks}/{hook}{path}", null)).Problem.ShouldBe("not-found", path);
        }

        using var reader = await ApiClient.OfAsync(site, Site.Owner, null, Scope.WebhooksRead);
        (await reader.GetAsync(Hooks)).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.PostAsync(Hooks, new { url = "https://hooks.example.org/" })).Problem.ShouldBe("not-allowed");
    }

    [Fact]
    public async Task The_page_shows_a_secret_once_and_keeps_what_was_typed()
    {
        await using var site = await Site.StartAsync();
        var owner = await site.SignInAsync(Site.Owner);
        const string Path = "/lists/" + Site.Talk + "/settings/webhooks";
        using var refused = await owner.SubmitAsync(Path, Path, ("url", "http://inside.example/"), ("event", "post.held"));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var typed = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        typed.ShouldContain("http://inside.example/");
        typed.ShouldContain("https only");

        using var added = await owner.SubmitAsync(Path, Path, ("url", "https://hooks.example.org/x?a=b"), ("event", "post.held"));
        var hook = site.Store.WebhooksOf(Site.Talk).Single();
        var secret = WebhookSignature.Secret(site.Store.Secret.Span, hook.Id, 0);
        (await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(secret);
        using var shown = await owner.GetAsync($"{Path}/{hook.Id}");
        (await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(secret);
        using var renewed = await owner.SubmitAsync($"{Path}/{hook.Id}", $"{Path}/{hook.Id}/secret");
        (await renewed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(WebhookSignature.Secret(site.Store.Secret.Span, hook.Id, 1));
    }
}
