using System.Collections.Immutable;
using System.Globalization;
using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Tokens;

/// <summary>/account/tokens: one's own tokens for programs. /admin/tokens: everybody's.</summary>
internal static class TokensEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account/tokens", (Visit visit) => OwnAsync(visit, StatusCodes.Status200OK)).Needs(Right.SignedIn);
        routes.MapPost("/account/tokens", CreateAsync).Needs(Right.SignedIn).NeedsFreshSignIn("/account/tokens");
        routes.MapPost("/account/tokens/{id}/revoke", (string id, Visit visit) => visit.ShowAsync(
            new RevokeToken(id, visit.Visitor!.Address), token => visit.Go("/account/tokens", visit.Words.Say("The token “{0}” opens nothing any more.", token.Name)))).Needs(Right.SignedIn);
        routes.MapGet("/admin/tokens", (Visit visit) => visit.ShowAsync(
            new BrowseTokens(), tokens => Answers.Page<AllTokensPage>(new { Tokens = tokens }))).Needs(Right.RunServer);
        routes.MapPost("/admin/tokens/{id}/revoke", (string id, Visit visit) => visit.ShowAsync(
            new RevokeToken(id), token => visit.Go("/admin/tokens", visit.Words.Say("The token “{0}” opens nothing any more.", token.Name)))).Needs(Right.RunServer);
    }

    private static Task<IResult> OwnAsync(Visit visit, int status, MadeToken? made = null, CreateToken? entry = null, string? problem = null) => visit.ShowAsync(
        new BrowseTokens(visit.Visitor!.Address),
        tokens => Answers.Page<OwnTokensPage>(new { Tokens = tokens, Made = made, Entry = entry, Problem = problem }, status));

    // The secret is shown in the answer itself: it stands in no address, no cookie and no page that can be asked for again.
    private static async Task<IResult> CreateAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        ImmutableArray<string> lists = [.. form["lists"].ToString().Split([',', ' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];
        var days = int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var create = new CreateToken(visit.Visitor!.Address, form["name"].ToString().Trim(), [.. form["scope"].OfType<string>()], lists, days);
        return await visit.Desk.RunAsync(create, visit.Http.RequestAborted) switch
        {
            Outcome<MadeToken>.Done(var made) => await OwnAsync(visit, StatusCodes.Status200OK, made),
            Outcome<MadeToken>.Refused(_, var message) => await OwnAsync(visit, StatusCodes.Status400BadRequest, entry: create, problem: message),
            _ => Results.Empty,
        };
    }
}
