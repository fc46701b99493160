using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ListServer.Web;

/// <summary>/h/{token}: the links of hold notices. GET shows the post and a button, POST decides.</summary>
internal static class HeldEndpoints
{
    private const int LongestReason = 2_000;

    public static void MapHeldPosts(this WebApplication application)
    {
        application.MapGet("/h/{token}", async (string token, IAdminDesk desk, CancellationToken cancellationToken) =>
            Page(await desk.RunAsync(new ShowHeldLink(token), cancellationToken), isDone: false));

        // No cookie, no form token: the link's own token is the whole authority, and nobody else can have made this request.
        application.MapPost("/h/{token}", async (string token, HttpRequest request, IAdminDesk desk, CancellationToken cancellationToken) =>
        {
            var form = request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
            var reason = form["reason"].ToString();
            var decide = new DecideByToken(
                token, "by the link in a hold notice", reason[..Math.Min(reason.Length, LongestReason)], form["trust"].ToString() is "yes");
            var outcome = await desk.RunAsync(decide, cancellationToken);

            // Somebody was quicker: what became of the post is the answer.
            return outcome is Outcome<HeldLink>.Refused { Kind: Refusal.Conflict }
                ? Page(await desk.RunAsync(new ShowHeldLink(token), cancellationToken), isDone: false)
                : Page(outcome, isDone: true);
        });
    }

    private static RazorComponentResult<HeldPage> Page(Outcome<HeldLink> outcome, bool isDone) => outcome switch
    {
        Outcome<HeldLink>.Done(var link) => new(new { Link = link, IsDone = isDone }),
        _ => new(new { Link = (HeldLink?)null, IsDone = false }) { StatusCode = StatusCodes.Status404NotFound },
    };
}
