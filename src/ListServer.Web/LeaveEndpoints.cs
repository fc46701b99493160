using ListServer.Admin;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Web.Pages;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web;

/// <summary>/u/{token}: the leave link of List-Unsubscribe. GET shows a button, POST leaves (RFC 8058).</summary>
internal static class LeaveEndpoints
{
    public static void MapLeaving(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/u/{token}", async (string token, Visit visit) =>
            Page(await visit.Desk.RunAsync(new ShowLeaveLink(token), visit.Http.RequestAborted), isDone: false)).Needs(Right.Public);

        // RFC 8058 §3.1: no cookie, no form token, no redirect. The link's own token is the whole authority.
        routes.MapPost("/u/{token}", async (string token, Visit visit) =>
            Page(await visit.Desk.RunAsync(new LeaveByToken(token), visit.Http.RequestAborted), isDone: true)).Needs(Right.Public).TakesForeignPosts();
    }

    private static IResult Page(Outcome<LeaveLink> outcome, bool isDone) => outcome switch
    {
        Outcome<LeaveLink>.Done(var link) => Answers.Page<LeavePage>(new { Link = link, IsDone = isDone || !link.IsMember }),
        _ => Answers.Page<LeavePage>(new { Link = (LeaveLink?)null, IsDone = false }, StatusCodes.Status404NotFound),
    };
}
