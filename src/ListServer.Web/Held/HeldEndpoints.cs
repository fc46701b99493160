using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Admin.Membership;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Web.Archive;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Held;

/// <summary>/lists/{list}/held: what and who waits for a moderator, and what is decided about it.</summary>
internal static class HeldEndpoints
{
    private const int Shown = 100;
    private const int LongestReason = 2_000;

    public static void MapHeld(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/held", (Visit visit) => ShowAsync(visit, null)).Needs(Right.Moderate);
        routes.MapGet("/lists/{list}/held/{id}", (string id, Visit visit) => ShowAsync(visit, id)).Needs(Right.Moderate);
        routes.MapPost("/lists/{list}/held/{id}", DecideAsync).Needs(Right.Moderate);
        routes.MapPost("/lists/{list}/joins/{address}", DecideJoinAsync).Needs(Right.Moderate);
        routes.MapGet("/lists/{list}/held/{id}/html", (string id, Visit visit) => visit.ShowAsync(
            new PreviewHeld(visit.List.Address, id), preview => HtmlPart.Answer(visit.Http, preview.Html, isMasked: false))).Needs(Right.Moderate);
        routes.MapGet("/lists/{list}/held/{id}/a/{index}", (string id, int index, Visit visit) => visit.ShowAsync(
            new ShowHeldFile(visit.List.Address, id, index), file => Download.Answer(visit.Http, file))).Needs(Right.Moderate);
    }

    private static Task<IResult> ShowAsync(Visit visit, string? id) => visit.ShowAsync(
        new BrowsePosts(visit.List.Address, PostState.Held, null, Shown),
        async posts =>
        {
            var joins = await visit.Desk.RunAsync(new BrowseJoinRequests(visit.List.Address), visit.Http.RequestAborted) is Outcome<IReadOnlyList<JoinRequest>>.Done(var waiting) ? waiting.Take(Shown).ToArray() : [];
            if ((id ?? (posts.Count > 0 ? posts[0].Id : null)) is not { } chosen)
            {
                return Answers.Page<HeldPage>(new { Posts = posts, Joins = joins, Preview = (HeldPreview?)null, IsChosen = false });
            }

            return await visit.Desk.RunAsync(new PreviewHeld(visit.List.Address, chosen), visit.Http.RequestAborted) switch
            {
                Outcome<HeldPreview>.Done(var preview) => Answers.Page<HeldPage>(new { Posts = posts, Joins = joins, Preview = preview, IsChosen = id is not null }),
                _ => Gone(visit),
            };
        });

    private static async Task<IResult> DecideJoinAsync(string address, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (page, reason) = (visit.ListPath + "/held", form["reason"].ToString().Trim());
        if (!Enum.TryParse<JoinVerdict>(form["verdict"], out var verdict))
        {
            return visit.Go(page, visit.Words.Say("That person does not wait any more: somebody has decided about them."));
        }

        var decide = new DecideJoin(visit.List.Address, address, verdict, verdict is JoinVerdict.Accept ? "" : reason[..Math.Min(reason.Length, LongestReason)]);
        return visit.Go(page, (await visit.Desk.RunAsync(decide, visit.Http.RequestAborted), verdict) switch
        {
            (Outcome<JoinRequest>.Done(var request), JoinVerdict.Accept) => visit.Words.Say("{0} is on the list, and is told.", request.Address),
            (Outcome<JoinRequest>.Done(var request), JoinVerdict.Refuse) => visit.Words.Say("{0} may not join, and is told.", request.Address),
            (Outcome<JoinRequest>.Done(var request), _) => visit.Words.Say("{0} is banned from the list, and is not told.", request.Address),
            _ => visit.Words.Say("That person does not wait any more: somebody has decided about them."),
        });
    }

    private static async Task<IResult> DecideAsync(string id, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var reason = form["reason"].ToString().Trim();
        if (!Enum.TryParse<HeldDecision>(form["decision"], out var decision))
        {
            return Gone(visit);
        }

        var decide = new DecideHeld(
            id, decision, decision is HeldDecision.Reject ? reason[..Math.Min(reason.Length, LongestReason)] : "", decision is HeldDecision.Accept && form["trust"] == "yes")
        {
            List = visit.List.Address,
        };
        return await visit.Desk.RunAsync(decide, visit.Http.RequestAborted) switch
        {
            Outcome<Post>.Done(var post) => visit.Go(visit.ListPath + "/held", Words(visit, post)),
            Outcome<Post>.Refused(Refusal.Conflict or Refusal.NotFound, _) => Gone(visit),
            Outcome<Post>.Refused(var kind, var message) => visit.Refuse(kind, message),
            _ => Results.Empty,
        };
    }

    private static IResult Gone(Visit visit) => visit.Go(visit.ListPath + "/held", visit.Words.Say("That post does not wait any more: somebody has decided about it."));

    private static string Words(Visit visit, Post post) => post.State switch
    {
        PostState.Accepted or PostState.Distributed => visit.Words.Say("“{0}” goes to the list.", post.Subject),
        PostState.Rejected => visit.Words.Say("“{0}” is rejected.", post.Subject),
        _ => visit.Words.Say("“{0}” is discarded; nobody is told.", post.Subject),
    };
}
