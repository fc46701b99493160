using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.SignIn;

/// <summary>/account: one's own sessions.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account", (Visit visit) =>
            visit.ShowAsync(new BrowseSessions(visit.Visitor!.Address), sessions => Answers.Page<AccountPage>(new { Sessions = sessions }))).Needs(Right.SignedIn);
        routes.MapPost("/account/sessions/{hash}/end", (string hash, Visit visit) => EndAsync(visit, hash)).Needs(Right.SignedIn);
        routes.MapPost("/account/sessions/end", (Visit visit) => EndAsync(visit, null)).Needs(Right.SignedIn);
    }

    private static Task<IResult> EndAsync(Visit visit, string? hash) => visit.ShowAsync(
        new CloseSessions(visit.Visitor!.Address, hash),
        _ => visit.Go(hash is null ? "/" : "/account", hash is null ? visit.Words.Say("All your sessions have ended.") : visit.Words.Say("That session has ended.")));
}
