using System.Net;
using System.Text.RegularExpressions;
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
        ["POST /sign-out"] = 's',
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
        ["GET /lists"] = 's',
        ["GET /lists/new"] = 'd',
        ["POST /lists/new"] = 'd',
        ["GET /lists/{list}"] = 'm',
        ["GET /lists/{list}/held"] = 'm',
        ["GET /lists/{list}/held/{id}"] = 'm',
        ["POST /lists/{list}/held/{id}"] = 'm',
        ["GET /lists/{list}/posts"] = 'm',
        ["GET /lists/{list}/posts/{id}"] = 'm',
        ["GET /lists/{list}/members"] = 'o',
        ["POST /lists/{list}/members"] = 'o',
        ["GET /lists/{list}/members/import"] = 'o',
        ["POST /lists/{list}/members/import"] = 'o',
        ["GET /lists/{list}/members/{address}"] = 'o',
        ["POST /lists/{list}/members/{address}"] = 'o',
        ["POST /lists/{list}/members/{address}/remove"] = 'o',
        ["POST /lists/{list}/members/{address}/enable"] = 'o',
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
        ["GET /admin/queue"] = 'a',
        ["POST /admin/queue/retry"] = 'a',
        ["GET /admin/users"] = 'a',
        ["POST /admin/users"] = 'a',
        ["POST /admin/users/{address}/remove"] = 'a',
        ["POST /admin/users/{address}/sign-out"] = 'a',
        ["GET /admin/audit"] = 'a',
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
        foreach (var route in Routes(site).Where(route => !route.Pattern.StartsWith("/assets", StringComparison.Ordinal)).DistinctBy(route => (route.Method, route.Pattern)))
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
            (method, endpoint.RoutePattern.RawText!.StartsWith("/assets/", StringComparison.Ordinal) ? "/assets/*" : endpoint.RoutePattern.RawText)));

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Hole();
}
