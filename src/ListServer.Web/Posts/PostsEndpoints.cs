using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Posts;

/// <summary>/lists/{list}/posts: what came to a list, and what became of each.</summary>
internal static class PostsEndpoints
{
    private const int PageSize = 50;

    public static void MapPosts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/posts", (string? before, Visit visit) => visit.ShowAsync(
            new BrowsePosts(visit.List.Address, null, before, PageSize + 1),
            posts => Answers.Page<PostsPage>(new { Posts = posts.Take(PageSize).ToList(), HasMore = posts.Count > PageSize }))).Needs(Right.Moderate);
        routes.MapGet("/lists/{list}/posts/{id}", (string id, Visit visit) => visit.ShowAsync(
            new ShowTrace(id),
            trace => trace.Post.List == visit.List.Address
                ? Answers.Page<TracePage>(new { Trace = trace })
                : visit.Refuse(Refusal.NotFound, visit.Words.Say("There is no such post on this list.")))).Needs(Right.Moderate);
    }
}
