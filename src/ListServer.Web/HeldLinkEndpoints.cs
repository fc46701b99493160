using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Admin.People;
using ListServer.Web.Pages;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web;

/// <summary>/h/{token}: the links of hold notices. GET shows the post and a button, POST decides.</summary>
internal static class HeldLinkEndpoints
{
    private const int LongestReason = 2_000;

    public static void MapHeldLinks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/h/{token}", async (string token, Visit visit) =>
            Page(await visit.Desk.RunAsync(new ShowHeldLink(token), visit.Http.RequestAborted), isDone: false)).Needs(Right.Public);

        // No cookie, no form token: the link's own token is the whole authority, and nobody else can have made this request.
        routes.MapPost("/h/{token}", async (string token, Visit visit) =>
        {
            var form = visit.Http.Request.HasFormContentType ? await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted) : FormCollection.Empty;
            var reason = form["reason"].ToString();
            var decide = new DecideByToken(
                token, "by the link in a hold notice", reason[..Math.Min(reason.Length, LongestReason)], form["trust"].ToString() is "yes");
            var outcome = await visit.Desk.RunAsync(decide, visit.Http.RequestAborted);

            // Somebody was quicker: what became of the post is the answer.
            return outcome is Outcome<HeldLink>.Refused { Kind: Refusal.Conflict }
                ? Page(await visit.Desk.RunAsync(new ShowHeldLink(token), visit.Http.RequestAborted), isDone: false)
                : Page(outcome, isDone: true);
        }).Needs(Right.Public).TakesForeignPosts();
    }

    private static IResult Page(Outcome<HeldLink> outcome, bool isDone) => outcome switch
    {
        Outcome<HeldLink>.Done(var link) => Answers.Page<HeldLinkPage>(new { Link = link, IsDone = isDone }),
        _ => Answers.Page<HeldLinkPage>(new { Link = (HeldLink?)null, IsDone = false }, StatusCodes.Status404NotFound),
    };
}
