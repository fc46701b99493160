using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.SignIn;

/// <summary>/account: one's own sessions and passkeys.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account", (Visit visit) => ShowAsync(visit)).Needs(Right.SignedIn);
        routes.MapPost("/account/sessions/{hash}/end", (string hash, Visit visit) => EndAsync(visit, hash)).Needs(Right.SignedIn);
        routes.MapPost("/account/sessions/end", (Visit visit) => EndAsync(visit, null)).Needs(Right.SignedIn);
    }

    /// <summary>The page, with what was wrong.</summary>
    internal static Task<IResult> ShowAsync(Visit visit, string? problem = null) => visit.ShowAsync(
        new BrowseSessions(visit.Visitor!.Address),
        sessions => visit.ShowAsync(
            new BrowsePasskeys(visit.Visitor.Address),
            owner => Answers.Page<AccountPage>(
                new { Sessions = sessions, owner.Passkeys, Problem = problem }, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest)));

    private static Task<IResult> EndAsync(Visit visit, string? hash) => visit.ShowAsync(
        new CloseSessions(visit.Visitor!.Address, hash),
        _ => visit.Go(hash is null ? "/" : "/account", hash is null ? visit.Words.Say("All your sessions have ended.") : visit.Words.Say("That session has ended.")));
}
