using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.Api;

/// <summary>What an endpoint of the API needs of a token, beside its owner's right.</summary>
/// <param name="Scope">See <see cref="Admin.Tokens.Scope"/>; null for any token.</param>
internal sealed record NeedsScope(string? Scope);

/// <summary>
/// The API's door: a token in the Authorization header, and nothing else. Cookies are not looked at, so that no page of another site can act here in the
/// name of whoever is signed in (SEC-23).
/// </summary>
internal static class ApiGate
{
    private const string Scheme = "Bearer ";

    public static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api");

    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // What is no route of ours is answered by the status alone; a route that declares nothing is closed to everybody (SEC-29).
        var need = http.GetEndpoint()?.Metadata.GetMetadata<Need>();
        if (http.GetEndpoint() is not RouteEndpoint || need is { Right: Right.Public })
        {
            await next(http);
        }
        else if (await RefuseAsync(http, need) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
        }
        else
        {
            await next(http);
        }
    }

    private static async Task<Answer?> RefuseAsync(HttpContext http, Need? need)
    {
        var visit = http.RequestServices.GetRequiredService<Visit>();
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Answer.Problem(ApiProblem.NotAuthenticated, "The request has no Authorization header with a Bearer token.") with { Challenge = "Bearer" };
        }

        switch (await visit.Desk.RunAsync(new ShowBearer(header[Scheme.Length..], visit.Client, http.Request.RouteValues["list"]?.ToString()), http.RequestAborted))
        {
            case Outcome<Bearer>.Refused(Refusal.TryLater, var words):
                return Answer.Problem(ApiProblem.TooMany, words);
            case Outcome<Bearer>.Refused(_, var words):
                return Answer.Problem(ApiProblem.NotAuthenticated, words) with { Challenge = "Bearer error=\"invalid_token\"" };
            case Outcome<Bearer>.Done(var bearer):
                visit.Visitor = bearer.Visitor;
                if (bearer.IsUseDue)
                {
                    await visit.Desk.RunAsync(new NoteTokenUse(bearer.Visitor.Grant!.Hash, visit.Client), http.RequestAborted);
                }

                return Refuse(http, bearer.Visitor, need);
            default:
                return Answer.Problem(ApiProblem.NotAllowed, "");
        }
    }

    private static Answer? Refuse(HttpContext http, Visitor visitor, Need? need)
    {
        var scope = http.GetEndpoint()!.Metadata.GetMetadata<NeedsScope>()?.Scope;
        if (scope is not null && !visitor.Grant!.Scopes.Contains(scope))
        {
            return Answer.Problem(ApiProblem.NotAllowed, $"The token has not the scope {scope}.") with { Challenge = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"" };
        }

        if (need is not null && visitor.May(need.Right))
        {
            return null;
        }

        // Who may do everything learns that there is no such list; to all others it is one that is not theirs.
        return visitor is { RunsServer: true, List: null, Grant.Lists.IsEmpty: true } && need is { Right: Right.Moderate or Right.Own }
            ? Answer.Problem(ApiProblem.NotFound, $"There is no list {http.Request.RouteValues["list"]}.")
            : Answer.Problem(ApiProblem.NotAllowed, $"{visitor.Address}, for whom the token acts, has no right to this, or the token is for other lists.");
    }
}
