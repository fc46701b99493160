using ListServer.Admin;
using ListServer.Admin.Members;
using ListServer.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ListServer.Web;

/// <summary>/u/{token}: the leave link of List-Unsubscribe. GET shows a button, POST leaves (RFC 8058).</summary>
internal static class LeaveEndpoints
{
    public static void MapLeaving(this WebApplication application)
    {
        application.MapGet("/u/{token}", async (string token, IAdminDesk desk, CancellationToken cancellationToken) =>
            Page(await desk.RunAsync(new ShowLeaveLink(token), cancellationToken), isDone: false));

        // RFC 8058 §3.1: no cookie, no form token, no redirect. The link's own token is the whole authority.
        application.MapPost("/u/{token}", async (string token, IAdminDesk desk, CancellationToken cancellationToken) =>
            Page(await desk.RunAsync(new LeaveByToken(token), cancellationToken), isDone: true));
    }

    private static RazorComponentResult<LeavePage> Page(Outcome<LeaveLink> outcome, bool isDone) => outcome switch
    {
        Outcome<LeaveLink>.Done(var link) => new(new { Link = link, IsDone = isDone || !link.IsMember }),
        _ => new(new { Link = (LeaveLink?)null, IsDone = false }) { StatusCode = StatusCodes.Status404NotFound },
    };
}
