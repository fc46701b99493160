using System.Collections.Immutable;
using ListServer.Admin;
using ListServer.Admin.Authors;
using ListServer.Admin.Bans;
using ListServer.Admin.Held;
using ListServer.Admin.Incidents;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Membership;
using ListServer.Lists.Moderation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refusal = ListServer.Admin.Refusal;

namespace ListServer.Web.Api;

/// <summary>A post at the API.</summary>
/// <param name="Id">Ordered by time of arrival.</param>
/// <param name="List">The posting address.</param>
/// <param name="ReceivedAt">When its last octet arrived.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it stands there; may be empty.</param>
/// <param name="Author">The address in From; null where there is not exactly one.</param>
/// <param name="Subject">Decoded; may be empty.</param>
/// <param name="MessageId">With its angle brackets; may be empty.</param>
/// <param name="SizeOctets">As it came.</param>
/// <param name="Serial">Its number within the list; 0 before it is distributed.</param>
/// <param name="AuthenticationResults">What was found about its sender (RFC 8601).</param>
/// <param name="ApprovedBy">Who accepted it when it was held; null for nobody.</param>
/// <param name="RejectedBy">Who refused it when it was held; null for nobody.</param>
/// <param name="IsAnnouncement">True when it is sent by a plan.</param>
public sealed record ApiPost(
    string Id,
    string List,
    DateTimeOffset ReceivedAt,
    PostState State,
    string Reason,
    string? Author,
    string Subject,
    string MessageId,
    long SizeOctets,
    long Serial,
    string AuthenticationResults,
    string? ApprovedBy,
    string? RejectedBy,
    bool IsAnnouncement)
{
    internal static ApiPost Of(Post post) => new(
        post.Id,
        post.List,
        post.ReceivedAt,
        post.State,
        post.Reason,
        post.Report.Author.Address,
        post.Subject,
        post.MessageId,
        post.Size,
        post.Serial,
        post.AuthenticationResults,
        post.ApprovedBy,
        post.RejectedBy,
        post.IsAnnouncement);
}

/// <summary>A post and what became of it.</summary>
/// <param name="Post">As it stands.</param>
/// <param name="Events">Oldest first.</param>
/// <param name="Deliveries">How far its copies got; null before it is distributed. Delivered means accepted by the recipient's provider.</param>
public sealed record ApiTrace(ApiPost Post, IReadOnlyList<TraceEvent> Events, DeliveryCount? Deliveries);

/// <summary>A held post.</summary>
/// <param name="Post">As it stands.</param>
/// <param name="Lines">Its text, without markup; cut where it is long.</param>
/// <param name="Source">Its first 64 KiB, octets that are not UTF-8 shown as U+FFFD.</param>
/// <param name="HasOneAuthor">True when its author can be trusted from now on.</param>
public sealed record ApiHeld(ApiPost Post, ImmutableArray<string> Lines, string Source, bool HasOneAuthor);

/// <summary>A decision about a held post.</summary>
/// <param name="Decision">What becomes of it.</param>
public sealed record ApiDecision(HeldDecision Decision)
{
    /// <summary>With a rejection, in words for the author; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>With an acceptance: the author's next posts need no moderator.</summary>
    public bool TrustAuthor { get; init; }
}

/// <summary>What becomes of an author's posts.</summary>
/// <param name="Action">The decision.</param>
public sealed record AuthorDecision(AuthorAction Action);

/// <summary>Whom to keep from joining and posting.</summary>
/// <param name="Pattern">An address, a domain, or a pattern with * and ?.</param>
public sealed record NewBan(string Pattern)
{
    /// <summary>Why, for those who run the list; may be empty.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>/lists/{list}/posts, /held, /incidents, /authors, /bans: what comes, what becomes of it, and who may write.</summary>
internal static class PostsApi
{
    private const int LongestReason = 2_000;

    public static void MapPostsApi(this IEndpointRouteBuilder routes)
    {
        var api = new ApiRoutes(routes, "Posts");
        api.Get<ItemPage<ApiPost>>("/lists/{list}/posts", Right.Moderate, Scope.PostsRead, "Posts, the newest first",
            async call => call.ReadChoice<PostState>("state", out var state) ?? await BrowseAsync(call, state), [QueryParameter.Text("state", "accepted, held, distributed, rejected or discarded."), .. QueryParameter.Page]);
        api.Get<ApiTrace>("/lists/{list}/posts/{id}", Right.Moderate, Scope.PostsRead, "A post and what became of it", call => call.RunAsync(
            new ShowTrace(call.Route("id")), trace => IsHere(call, trace.Post.List)
                ? Answer.Json(new ApiTrace(ApiPost.Of(trace.Post), trace.Events, trace.Deliveries))
                : Missing("post", call)));
        MapHeld(new ApiRoutes(routes, "Held posts"));
        MapIncidents(new ApiRoutes(routes, "Incidents"));
        MapAuthors(new ApiRoutes(routes, "Authors and bans"));
    }

    private static void MapHeld(ApiRoutes api)
    {
        api.Get<ItemPage<ApiPost>>("/lists/{list}/held", Right.Moderate, Scope.HeldRead, "Posts that wait for a moderator, the newest first", call => BrowseAsync(call, PostState.Held), QueryParameter.Page);
        api.Get<ApiHeld>("/lists/{list}/held/{id}", Right.Moderate, Scope.HeldRead, "A held post to read", call => call.RunAsync(
            new PreviewHeld(call.List.Address, call.Route("id")), held => Answer.Json(new ApiHeld(ApiPost.Of(held.Post), held.Lines, held.Source, held.HasOneAuthor))));
        api.Post<ApiDecision, ApiPost>("/lists/{list}/held/{id}/decision", Right.Moderate, Scope.HeldWrite, "Decides about a held post", DecideAsync, StatusCodes.Status200OK);
    }

    private static void MapIncidents(ApiRoutes api)
    {
        api.Get<IReadOnlyList<Incident>>("/lists/{list}/incidents", Right.Own, Scope.PostsRead, "What providers refuse, and not for a member's fault", call => call.RunAsync(
            new BrowseIncidents(call.List.Address, call.Flag("all")), incidents => Answer.Json(incidents)), QueryParameter.Flag("all", "Those that ended lately, too."));
        api.Get<IncidentDetail>("/lists/{list}/incidents/{id}", Right.Own, Scope.PostsRead, "An incident, and what to do", call => call.RunAsync(
            new ShowIncident(call.Route("id")), detail => IsHere(call, detail.Incident.List) ? Answer.Json(detail) : Missing("incident", call)));
        api.Post<Incident>("/lists/{list}/incidents/{id}/close", Right.Own, Scope.PostsWrite, "Ends an incident by hand", async call =>
            await call.Visit.Desk.RunAsync(new ShowIncident(call.Route("id")), call.Cancelled) is Outcome<IncidentDetail>.Done(var detail) && IsHere(call, detail.Incident.List)
                ? await call.RunAsync(new CloseIncident(detail.Incident.Id), incident => Answer.Json(incident))
                : Missing("incident", call));
    }

    private static void MapAuthors(ApiRoutes api)
    {
        api.Get<IReadOnlyList<AuthorRule>>("/lists/{list}/authors", Right.Own, Scope.PostsRead, "What was decided about authors", call => call.RunAsync(
            new BrowseAuthors(call.List.Address), rules => Answer.Json(rules)));
        api.Put<AuthorDecision, AuthorRule>("/lists/{list}/authors/{address}", Right.Own, Scope.PostsWrite, "Decides what becomes of an author's posts", (call, decision) => call.RunAsync(
            new SetAuthor(call.List.Address, call.Route("address"), decision.Action), rule => Answer.Json(rule)));
        api.Delete("/lists/{list}/authors/{address}", Right.Own, Scope.PostsWrite, "Takes back what was decided", call => call.RunAsync(
            new SetAuthor(call.List.Address, call.Route("address"), null), _ => Answer.Nothing()));
        api.Get<IReadOnlyList<Ban>>("/lists/{list}/bans", Right.Own, Scope.MembersRead, "Who may neither join nor post", call => call.RunAsync(
            new BrowseBans(call.List.Address), bans => Answer.Json(bans)));
        api.Post<NewBan, Ban>("/lists/{list}/bans", Right.Own, Scope.MembersWrite, "Bans an address, a domain or a pattern", (call, wanted) => call.RunAsync(
            new AddBan(wanted.Pattern, call.List.Address, wanted.Reason), ban => Answer.Json(ban, StatusCodes.Status201Created)));
        api.Delete("/lists/{list}/bans/{pattern}", Right.Own, Scope.MembersWrite, "Lifts a ban", call => call.RunAsync(
            new RemoveBan(call.Route("pattern"), call.List.Address), _ => Answer.Nothing()));
        api.Get<IReadOnlyList<Ban>>("/bans", Right.RunServer, Scope.ServerRead, "Who may join and post on no list", call => call.RunAsync(new BrowseBans(null), bans => Answer.Json(bans)));
        api.Post<NewBan, Ban>("/bans", Right.RunServer, Scope.ServerWrite, "Bans from all lists", (call, wanted) => call.RunAsync(
            new AddBan(wanted.Pattern, null, wanted.Reason), ban => Answer.Json(ban, StatusCodes.Status201Created)));
        api.Delete("/bans/{pattern}", Right.RunServer, Scope.ServerWrite, "Lifts a ban from all lists", call => call.RunAsync(new RemoveBan(call.Route("pattern")), _ => Answer.Nothing()));
    }

    private static Task<Answer> BrowseAsync(Call call, PostState? state) => call.RunAsync(
        new BrowsePosts(call.List.Address, state, call.After, call.Limit + 1),
        posts => Answer.Json(ItemPage<ApiPost>.Of([.. posts.Select(ApiPost.Of)], call.Limit, post => post.Id)));

    private static async Task<Answer> DecideAsync(Call call, ApiDecision wanted) => wanted.Reason.Length > LongestReason
        ? Answer.Refused(Refusal.Invalid, $"A reason has up to {LongestReason} characters.", nameof(wanted.Reason))
        : await call.RunAsync(
            new DecideHeld(call.Route("id"), wanted.Decision, wanted.Reason, wanted.TrustAuthor) { List = call.List.Address }, post => Answer.Json(ApiPost.Of(post)));

    private static bool IsHere(Call call, string list) => list.Equals(call.List.Address, StringComparison.OrdinalIgnoreCase);

    private static Answer Missing(string what, Call call) => Answer.Problem(ApiProblem.NotFound, $"{call.List.Address} has no {what} {call.Route("id")}.");
}
