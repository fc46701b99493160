using ListServer.Admin;
using ListServer.Admin.Jobs;
using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Admin.Queue;
using ListServer.Lists.Jobs;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Live;

/// <summary>A list's counters.</summary>
/// <param name="Members">All subscriptions.</param>
/// <param name="Held">Posts that wait for a moderator.</param>
public sealed record ListCounters(int Members, int Held);

/// <summary>What pages show changes under the reader's eyes: counters of a list and of the server, and how far a job got. Without script pages are as they were loaded.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/live", (Visit visit, LiveEvents live) => live.Follow(
            visit.Desk, Topic.Posts | Topic.Members, () => OfListAsync(visit), _ => false, visit.Http.RequestAborted)).Needs(Right.Moderate);
        routes.MapGet("/admin/live", (Visit visit, LiveEvents live) => live.Follow(
            visit.Desk, Topic.Posts | Topic.Members | Topic.Deliveries, () => OfServerAsync(visit), _ => false, visit.Http.RequestAborted)).Needs(Right.RunServer);
        routes.MapGet("/lists/{list}/members/import/{id}/live", (string id, Visit visit, LiveEvents live) => live.Follow(
            visit.Desk, Topic.Jobs, () => JobAsync(visit, id), job => job.State is not JobState.Running, visit.Http.RequestAborted)).Needs(Right.Own);
    }

    /// <summary>A job of the list that the address names.</summary>
    internal static async Task<Outcome<Job>> JobAsync(Visit visit, string id) =>
        await visit.IsStillInAsync(Right.Own) && await visit.Desk.RunAsync(new ShowJob(id, visit.Visitor!.Address), visit.Http.RequestAborted) is Outcome<Job>.Done(var job)
            && job.List == visit.List.Address
            ? job
            : new Outcome<Job>.Refused(Refusal.NotFound, $"There is no job {id}.");

    private static async Task<Outcome<ListCounters>> OfListAsync(Visit visit) =>
        await visit.IsStillInAsync(Right.Moderate) && await visit.Desk.RunAsync(new BrowseLists(visit.List.Address), visit.Http.RequestAborted) is Outcome<IReadOnlyList<ListSummary>>.Done([var list])
            ? new ListCounters(list.Members, list.Held)
            : Over<ListCounters>();

    private static async Task<Outcome<ServerCounters>> OfServerAsync(Visit visit) =>
        await visit.IsStillInAsync(Right.RunServer) ? await visit.Desk.RunAsync(new CountServer(), visit.Http.RequestAborted) : Over<ServerCounters>();

    private static Outcome<T>.Refused Over<T>() => new(Refusal.NotAllowed, "The session is over, or the right is gone.");
}
