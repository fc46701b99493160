using System.Net;
using System.Text.RegularExpressions;
using ListServer.Admin.Tokens;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.People;
using ListServer.Web.Tests.Api;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Tests;

/// <summary>Every route × every role × signed out, against one table (SEC-29).</summary>
public sealed partial class RightsTests
{
    private static readonly string[] Roles = ["", Site.Member, Site.Moderator, Site.Owner, Site.DomainAdmin, Site.Admin];

    /// <summary>Who may come in: p everybody, s who signed in, m moderators and above, o owners and above, d domain admins and above, a server admins.</summary>
    private static readonly Dictionary<string, char> Table = new()
    {
        ["GET /"] = 'p',
        ["GET /healthz"] = 'p',
        ["GET /assets/*"] = 'p',
        ["GET /u/{token}"] = 'p',
        ["POST /u/{token}"] = 'p',
        ["GET /h/{token}"] = 'p',
        ["POST /h/{token}"] = 'p',
        ["GET /j/{token}"] = 'p',
        ["POST /j/{token}"] = 'p',
        ["GET /l/{list}"] = 'p',
        ["GET /l/{list}/archive"] = 'p',
        ["GET /l/{list}/t/{hash}"] = 'p',
        ["GET /l/{list}/m/{hash}"] = 'p',
        ["GET /l/{list}/m/{hash}/html"] = 'p',
        ["GET /l/{list}/m/{hash}/raw"] = 'p',
        ["GET /l/{list}/m/{hash}/a/{index:int}"] = 'p',
        ["GET /l/{list}/search"] = 'p',
        ["GET /l/{list}/feed.atom"] = 'p',
        ["GET /l/{list}/mbox/{month}.mbox.gz"] = 'p',
        ["GET /sign-in"] = 'p',
        ["POST /sign-in"] = 'p',
        ["GET /in/{token}"] = 'p',
        ["POST /in/{token}"] = 'p',
        ["POST /sign-in/passkey"] = 'p',
        ["POST /sign-in/passkey/options"] = 'p',
        ["GET /sign-in/password"] = 'p',
        ["POST /sign-in/password"] = 'p',
        ["GET /sign-in/oidc"] = 'p',
        ["GET /sign-in/oidc/callback"] = 'p',
        ["POST /sign-out"] = 's',
        ["GET /sign-in/again"] = 's',
        ["GET /account/password"] = 's',
        ["POST /account/password"] = 's',
        ["POST /account/password/remove"] = 's',
        ["GET /account"] = 's',
        ["POST /account/passkeys"] = 's',
        ["POST /account/passkeys/options"] = 's',
        ["POST /account/passkeys/{id}"] = 's',
        ["POST /account/passkeys/{id}/remove"] = 's',
        ["POST /account/sessions/{hash}/end"] = 's',
        ["POST /account/sessions/end"] = 's',
        ["GET /me"] = 's',
        ["POST /me/{mine}"] = 's',
        ["POST /me/{mine}/enable"] = 's',
        ["POST /me/{mine}/leave"] = 's',
        ["GET /lists"] = 's',
        ["GET /lists/new"] = 'd',
        ["POST /lists/new"] = 'd',
        ["GET /lists/{list}"] = 'm',
        ["GET /lists/{list}/held"] = 'm',
        ["GET /lists/{list}/held/{id}"] = 'm',
        ["POST /lists/{list}/held/{id}"] = 'm',
        ["POST /lists/{list}/joins/{address}"] = 'm',
        ["GET /lists/{list}/held/{id}/html"] = 'm',
        ["GET /lists/{list}/held/{id}/a/{index}"] = 'm',
        ["GET /lists/{list}/posts"] = 'm',
        ["GET /lists/{list}/posts/{id}"] = 'm',
        ["GET /lists/{list}/members"] = 'o',
        ["POST /lists/{list}/members"] = 'o',
        ["GET /lists/{list}/members/import"] = 'o',
        ["POST /lists/{list}/members/import"] = 'o',
        ["GET /lists/{list}/members/import/{id}"] = 'o',
        ["POST /lists/{list}/members/import/{id}/stop"] = 'o',
        ["GET /lists/{list}/members/import/{id}/live"] = 'o',
        ["GET /lists/{list}/live"] = 'm',
        ["GET /admin/live"] = 'a',
        ["POST /api/v1/lists/{list}/imports"] = 'o',
        ["POST /api/v1/lists/{list}/syncs"] = 'o',
        ["GET /api/v1/jobs"] = 's',
        ["GET /api/v1/jobs/{id}"] = 's',
        ["GET /api/v1/jobs/{id}/events"] = 's',
        ["POST /api/v1/jobs/{id}/stop"] = 's',
        ["GET /api/v1/lists/{list}/announcements/{id}/events"] = 'o',
        ["GET /api/v1/lists/{list}/webhooks"] = 'o',
        ["POST /api/v1/lists/{list}/webhooks"] = 'o',
        ["GET /api/v1/lists/{list}/webhooks/{id}"] = 'o',
        ["POST /api/v1/lists/{list}/webhooks/{id}/secret"] = 'o',
        ["POST /api/v1/lists/{list}/webhooks/{id}/enable"] = 'o',
        ["DELETE /api/v1/lists/{list}/webhooks/{id}"] = 'o',
        ["POST /api/v1/lists/{list}/webhooks/{id}/test"] = 'o',
        ["POST /api/v1/lists/{list}/webhooks/{id}/replay"] = 'o',
        ["GET /api/v1/lists/{list}/webhooks/{id}/events"] = 'o',
        ["GET /api/v1/webhooks"] = 'a',
        ["POST /api/v1/webhooks"] = 'a',
        ["GET /api/v1/webhooks/{id}"] = 'a',
        ["POST /api/v1/webhooks/{id}/secret"] = 'a',
        ["POST /api/v1/webhooks/{id}/enable"] = 'a',
        ["DELETE /api/v1/webhooks/{id}"] = 'a',
        ["POST /api/v1/webhooks/{id}/test"] = 'a',
        ["POST /api/v1/webhooks/{id}/replay"] = 'a',
        ["GET /api/v1/webhooks/{id}/events"] = 'a',
        ["GET /lists/{list}/settings/webhooks"] = 'o',
        ["POST /lists/{list}/settings/webhooks"] = 'o',
        ["GET /lists/{list}/settings/webhooks/{id}"] = 'o',
        ["POST /lists/{list}/settings/webhooks/{id}/secret"] = 'o',
        ["POST /lists/{list}/settings/webhooks/{id}/enable"] = 'o',
        ["POST /lists/{list}/settings/webhooks/{id}/test"] = 'o',
        ["POST /lists/{list}/settings/webhooks/{id}/replay"] = 'o',
        ["POST /lists/{list}/settings/webhooks/{id}/remove"] = 'o',
        ["GET /admin/webhooks"] = 'a',
        ["POST /admin/webhooks"] = 'a',
        ["GET /admin/webhooks/{id}"] = 'a',
        ["POST /admin/webhooks/{id}/secret"] = 'a',
        ["POST /admin/webhooks/{id}/enable"] = 'a',
        ["POST /admin/webhooks/{id}/test"] = 'a',
        ["POST /admin/webhooks/{id}/replay"] = 'a',
        ["POST /admin/webhooks/{id}/remove"] = 'a',
        ["GET /lists/{list}/members/{address}"] = 'o',
        ["POST /lists/{list}/members/{address}"] = 'o',
        ["POST /lists/{list}/members/{address}/remove"] = 'o',
        ["POST /lists/{list}/members/{address}/enable"] = 'o',
        ["GET /lists/{list}/announce"] = 'o',
        ["GET /lists/{list}/announce/draft"] = 'o',
        ["POST /lists/{list}/announce/draft"] = 'o',
        ["POST /lists/{list}/announce/draft/drop"] = 'o',
        ["GET /lists/{list}/announce/draft/preview"] = 'o',
        ["GET /lists/{list}/announce/draft/html"] = 'o',
        ["POST /lists/{list}/announce/draft/test"] = 'o',
        ["POST /lists/{list}/announce/draft/send"] = 'o',
        ["GET /lists/{list}/announce/{id}"] = 'o',
        ["POST /lists/{list}/announce/{id}/pause"] = 'o',
        ["POST /lists/{list}/announce/{id}/resume"] = 'o',
        ["POST /lists/{list}/announce/{id}/stop"] = 'o',
        ["POST /lists/{list}/announce/{id}/reschedule"] = 'o',
        ["GET /lists/{list}/announce/{id}/live"] = 'o',
        ["GET /lists/{list}/delivery"] = 'o',
        ["POST /lists/{list}/delivery/{id}/close"] = 'o',
        ["POST /lists/{list}/delivery/strict"] = 'o',
        ["GET /lists/{list}/settings"] = 'o',
        ["GET /lists/{list}/settings/history"] = 'o',
        ["GET /lists/{list}/settings/danger"] = 'o',
        ["POST /lists/{list}/settings/danger"] = 'o',
        ["GET /lists/{list}/settings/consent"] = 'o',
        ["POST /lists/{list}/settings/consent"] = 'o',
        ["GET /lists/{list}/settings/{group}"] = 'o',
        ["POST /lists/{list}/settings/{group}"] = 'o',
        ["GET /admin"] = 'a',
        ["GET /admin/domains"] = 'a',
        ["POST /admin/domains"] = 'a',
        ["GET /admin/domains/{domain}"] = 'a',
        ["POST /admin/domains/{domain}/key"] = 'a',
        ["GET /admin/domains/{domain}/consent"] = 'a',
        ["POST /admin/domains/{domain}/consent"] = 'a',
        ["GET /admin/domains/{domain}/dns"] = 'a',
        ["GET /admin/domains/{domain}/reports"] = 'a',
        ["POST /admin/domains/{domain}/reports/mark"] = 'a',
        ["GET /admin/queue"] = 'a',
        ["POST /admin/queue/retry"] = 'a',
        ["GET /admin/users"] = 'a',
        ["POST /admin/users"] = 'a',
        ["POST /admin/users/{address}/remove"] = 'a',
        ["POST /admin/users/{address}/sign-out"] = 'a',
        ["GET /admin/audit"] = 'a',
        ["GET /account/tokens"] = 's',
        ["POST /account/tokens"] = 's',
        ["POST /account/tokens/{id}/revoke"] = 's',
        ["GET /admin/tokens"] = 'a',
        ["POST /admin/tokens/{id}/revoke"] = 'a',
        ["GET /api/problems/{name}"] = 'p',
        ["GET /api/v1/openapi.json"] = 'p',
        ["GET /api/docs/*"] = 'p',
        ["GET /api/v1/lists"] = 's',
        ["POST /api/v1/lists"] = 'd',
        ["GET /api/v1/lists/{list}"] = 'm',
        ["PATCH /api/v1/lists/{list}"] = 'o',
        ["DELETE /api/v1/lists/{list}"] = 'o',
        ["GET /api/v1/lists/{list}/audit"] = 'o',
        ["GET /api/v1/lists/{list}/members"] = 'o',
        ["POST /api/v1/lists/{list}/members"] = 'o',
        ["GET /api/v1/lists/{list}/members/{address}"] = 'o',
        ["PATCH /api/v1/lists/{list}/members/{address}"] = 'o',
        ["DELETE /api/v1/lists/{list}/members/{address}"] = 'o',
        ["POST /api/v1/lists/{list}/members/{address}/enable"] = 'o',
        ["POST /api/v1/lists/{list}/members/{address}/move"] = 'o',
        ["GET /api/v1/lists/{list}/members/{address}/consents"] = 'o',
        ["POST /api/v1/lists/{list}/invitations"] = 'o',
        ["GET /api/v1/lists/{list}/join-requests"] = 'm',
        ["POST /api/v1/lists/{list}/join-requests/{address}/decision"] = 'm',
        ["GET /api/v1/lists/{list}/posts"] = 'm',
        ["GET /api/v1/lists/{list}/posts/{id}"] = 'm',
        ["GET /api/v1/lists/{list}/held"] = 'm',
        ["GET /api/v1/lists/{list}/held/{id}"] = 'm',
        ["POST /api/v1/lists/{list}/held/{id}/decision"] = 'm',
        ["GET /api/v1/lists/{list}/incidents"] = 'o',
        ["GET /api/v1/lists/{list}/incidents/{id}"] = 'o',
        ["POST /api/v1/lists/{list}/incidents/{id}/close"] = 'o',
        ["GET /api/v1/lists/{list}/authors"] = 'o',
        ["PUT /api/v1/lists/{list}/authors/{address}"] = 'o',
        ["DELETE /api/v1/lists/{list}/authors/{address}"] = 'o',
        ["GET /api/v1/lists/{list}/bans"] = 'o',
        ["POST /api/v1/lists/{list}/bans"] = 'o',
        ["DELETE /api/v1/lists/{list}/bans/{pattern}"] = 'o',
        ["GET /api/v1/bans"] = 'a',
        ["POST /api/v1/bans"] = 'a',
        ["DELETE /api/v1/bans/{pattern}"] = 'a',
        ["GET /api/v1/lists/{list}/announcements"] = 'o',
        ["POST /api/v1/lists/{list}/announcements"] = 'o',
        ["GET /api/v1/lists/{list}/announcements/{id}"] = 'o',
        ["POST /api/v1/lists/{list}/announcements/{id}/pause"] = 'o',
        ["POST /api/v1/lists/{list}/announcements/{id}/resume"] = 'o',
        ["POST /api/v1/lists/{list}/announcements/{id}/stop"] = 'o',
        ["POST /api/v1/lists/{list}/announcements/{id}/reschedule"] = 'o',
        ["GET /api/v1/lists/{list}/archive/threads"] = 'm',
        ["GET /api/v1/lists/{list}/archive/threads/{hash}"] = 'm',
        ["GET /api/v1/lists/{list}/archive/messages"] = 'm',
        ["GET /api/v1/lists/{list}/archive/messages/{hash}"] = 'm',
        ["GET /api/v1/lists/{list}/archive/messages/{hash}/raw"] = 'm',
        ["DELETE /api/v1/lists/{list}/archive/messages/{hash}"] = 'o',
        ["GET /api/v1/health"] = 'a',
        ["GET /api/v1/audit"] = 'a',
        ["GET /api/v1/domains"] = 'a',
        ["POST /api/v1/domains"] = 'a',
        ["GET /api/v1/domains/{domain}"] = 'a',
        ["POST /api/v1/domains/{domain}/keys"] = 'a',
        ["GET /api/v1/domains/{domain}/keys/{selector}"] = 'a',
        ["GET /api/v1/queue"] = 'a',
        ["GET /api/v1/queue/{destination}"] = 'a',
        ["POST /api/v1/queue/retry"] = 'a',
        ["POST /api/v1/queue/drop"] = 'a',
        ["GET /api/v1/users"] = 'a',
        ["PUT /api/v1/users/{address}"] = 'a',
        ["DELETE /api/v1/users/{address}"] = 'a',
        ["GET /api/v1/token"] = 's',
        ["DELETE /api/v1/token"] = 's',
    };

    [Fact]
    public async Task Every_route_stands_in_the_table_and_declares_its_right()
    {
        await using var site = await Site.StartAsync();
        Routes(site).Select(route => $"{route.Method} {route.Pattern}").Distinct().Order().ShouldBe(Table.Keys.Order());
        site.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Need>() is null).Select(endpoint => endpoint.DisplayName).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_comes_in_who_may_not_and_everybody_who_may()
    {
        await using var site = await Site.StartAsync();
        var wrong = new List<string>();
        var browsers = new Dictionary<string, Site.Browser>();
        foreach (var route in Routes(site).Where(route => !route.Pattern.StartsWith("/assets", StringComparison.Ordinal) && !route.Pattern.StartsWith("/api/", StringComparison.Ordinal)).DistinctBy(route => (route.Method, route.Pattern)))
        {
            foreach (var role in Roles)
            {
                foreach (var list in route.Pattern.Contains("{list}", StringComparison.Ordinal) ? (string[])[Site.Talk, Site.News, "none@lists.example"] : [Site.Talk])
                {
                    var endsSessions = route.Pattern.Contains("/end", StringComparison.Ordinal) || route.Pattern == "/sign-out";
                    var browser = role.Length == 0 ? site.Open() : browsers.TryGetValue(role, out var open) ? open : browsers[role] = await site.SignInAsync(role);
                    var path = Hole().Replace(route.Pattern.Replace("{list}", list, StringComparison.Ordinal), "none");
                    using var answer = route.Method == "GET" ? await browser.GetAsync(path) : await browser.SubmitAsync(role.Length == 0 ? "/sign-in" : "/account", path);
                    var isIn = answer.StatusCode != HttpStatusCode.Forbidden && answer.Headers.Location?.ToString().StartsWith("/sign-in", StringComparison.Ordinal) != true;
                    if (isIn != MayCome(Table[$"{route.Method} {route.Pattern}"], role, list))
                    {
                        wrong.Add($"{route.Method} {path} as '{role}': {answer.StatusCode}");
                    }

                    if (endsSessions)
                    {
                        browsers.Remove(role);
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_token_does_what_its_owner_may_not_and_each_does_what_they_may()
    {
        await using var site = await Site.StartAsync();
        var wrong = new List<string>();
        foreach (var route in Routes(site).Where(route => route.Pattern.StartsWith("/api/v1/", StringComparison.Ordinal)))
        {
            foreach (var role in Roles)
            {
                using var program = new ApiClient(site.Address, role.Length == 0 ? null : await MakeTokenAsync(site, role));
                foreach (var list in route.Pattern.Contains("{list}", StringComparison.Ordinal) ? (string[])[Site.Talk, Site.News, "none@lists.example"] : [Site.Talk])
                {
                    var path = Hole().Replace(route.Pattern.Replace("{list}", list, StringComparison.Ordinal), "none")["/api/v1".Length..];
                    var answer = await program.SendAsync(route.Method, path, null);
                    var isIn = answer.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);

                    // Who runs the server is told that there is no such list.
                    var isMissing = role == Site.Admin && list == "none@lists.example" && answer.Status == HttpStatusCode.NotFound;
                    if (isIn != (isMissing || MayCome(Table[$"{route.Method} {route.Pattern}"], role, list)))
                    {
                        wrong.Add($"{route.Method} {path} as '{role}': {answer.Status}");
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    // Past the use case, which makes none for who runs nothing, and none with scopes beyond the person.
    private static async Task<string> MakeTokenAsync(Site site, string address)
    {
        var secret = "lst_" + ConfirmationToken.New();
        var token = new ApiToken(ConfirmationToken.Hash(secret), OrderedId.New(site.Time), "all", address, Scope.All, [], site.Time.GetUtcNow(), site.Time.GetUtcNow().AddDays(1));
        await site.Store.CommitAsync(new ApiTokenSaved(token), TestContext.Current.CancellationToken);
        return secret;
    }

    private static bool MayCome(char need, string role, string list) => need switch
    {
        'p' => true,
        's' => role.Length > 0,
        'd' => role is Site.Admin or Site.DomainAdmin,
        'a' => role is Site.Admin,
        _ when list == "none@lists.example" => false,
        _ when role is Site.Admin => true,
        _ when list == Site.News => false,
        'm' => role is Site.Moderator or Site.Owner or Site.DomainAdmin,
        'o' => role is Site.Owner or Site.DomainAdmin,
        _ => false,
    };

    private static IEnumerable<(string Method, string Pattern)> Routes(Site site) => site.Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
            (method, Pattern(endpoint))));

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText! switch
    {
        var path when path.StartsWith("/assets/", StringComparison.Ordinal) => "/assets/*",
        var path when path.StartsWith("/api/docs", StringComparison.Ordinal) || path.StartsWith("api/docs", StringComparison.Ordinal) => "/api/docs/*",
        var path => path,
    };

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Hole();
}
