using System.Net;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Tests;

/// <summary>Every route × every role × signed out, against one table (SEC-29).</summary>
public sealed class RightsTests
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
        ["POST /sign-out"] = 's',
        ["GET /account"] = 's',
        ["POST /account/sessions/{hash}/end"] = 's',
        ["POST /account/sessions/end"] = 's',
        ["GET /lists"] = 's',
        ["GET /lists/{list}"] = 'm',
        ["GET /lists/{list}/posts"] = 'm',
        ["GET /lists/{list}/posts/{id}"] = 'm',
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
        foreach (var route in Routes(site).Where(route => !route.Pattern.StartsWith("/assets", StringComparison.Ordinal)).DistinctBy(route => (route.Method, route.Pattern)))
        {
            foreach (var role in Roles)
            {
                foreach (var list in route.Pattern.Contains("{list}", StringComparison.Ordinal) ? (string[])[Site.Talk, Site.News, "none@lists.example"] : [Site.Talk])
                {
                    var browser = role.Length == 0 ? site.Open() : await site.SignInAsync(role);
                    var path = route.Pattern.Replace("{list}", list, StringComparison.Ordinal).Replace("{token}", "none", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal).Replace("{hash}", "none", StringComparison.Ordinal);
                    using var answer = route.Method == "GET" ? await browser.GetAsync(path) : await browser.SubmitAsync(role.Length == 0 ? "/sign-in" : "/account", path);
                    var isIn = answer.StatusCode != HttpStatusCode.Forbidden && answer.Headers.Location?.ToString().StartsWith("/sign-in", StringComparison.Ordinal) != true;
                    if (isIn != MayCome(Table[$"{route.Method} {route.Pattern}"], role, list))
                    {
                        wrong.Add($"{route.Method} {path} as '{role}': {answer.StatusCode}");
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
}
