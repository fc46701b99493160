using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Lists;

/// <summary>/lists: the lists that the viewer has to do with.</summary>
internal static class ListsEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists", (string? q, Visit visit) => visit.ShowAsync(
            new BrowseOwnLists(visit.Visitor!.Address, (q ?? "").Trim()),
            lists => Answers.Page<ListsPage>(new { Lists = lists, Search = (q ?? "").Trim() }))).Needs(Right.SignedIn);
    }
}
