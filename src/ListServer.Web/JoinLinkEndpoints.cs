using ListServer.Admin;
using ListServer.Admin.Membership;
using ListServer.Admin.People;
using ListServer.Web.Pages;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web;

/// <summary>/j/{token}: the links of notices of those who want to join. GET shows who and a button, POST decides.</summary>
internal static class JoinLinkEndpoints
{
    private const int LongestReason = 2_000;

    public static void MapJoinLinks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/j/{token}", async (string token, Visit visit) =>
            Page(await visit.Desk.RunAsync(new ShowJoinLink(token), visit.Http.RequestAborted), isDone: false)).Needs(Right.Public);

        // As with held posts: the link's own token is the whole authority.
        routes.MapPost("/j/{token}", async (string token, Visit visit) =>
        {
            var form = visit.Http.Request.HasFormContentType ? await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted) : FormCollection.Empty;
            var reason = form["reason"].ToString();
            var decide = new DecideJoinByToken(token, "by the link in a notice", reason[..Math.Min(reason.Length, LongestReason)]);
            var outcome = await visit.Desk.RunAsync(decide, visit.Http.RequestAborted);

            // Somebody was quicker: what became of the request is the answer.
            return outcome is Outcome<JoinLink>.Refused { Kind: Refusal.Conflict }
                ? Page(await visit.Desk.RunAsync(new ShowJoinLink(token), visit.Http.RequestAborted), isDone: false)
                : Page(outcome, isDone: true);
        }).Needs(Right.Public).TakesForeignPosts();
    }

    private static IResult Page(Outcome<JoinLink> outcome, bool isDone) => outcome switch
    {
        Outcome<JoinLink>.Done(var link) => Answers.Page<JoinLinkPage>(new { Link = link, IsDone = isDone }),
        _ => Answers.Page<JoinLinkPage>(new { Link = (JoinLink?)null, IsDone = false }, StatusCodes.Status404NotFound),
    };
}
