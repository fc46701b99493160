using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Admin.Webhooks;
using ListServer.Lists.Webhooks;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Webhooks;

/// <summary>/lists/{list}/settings/webhooks and /admin/webhooks: who is told of what happens, by HTTP.</summary>
internal static class WebhooksEndpoints
{
    private const int Shown = 50;

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/lists/{list}/settings/webhooks", Right.Own, visit => new Place(visit.List.Address, visit.ListPath + "/settings/webhooks"));
        Map(routes, "/admin/webhooks", Right.RunServer, _ => new Place("", "/admin/webhooks"));
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Right right, Func<Visit, Place> place)
    {
        routes.MapGet(path, (Visit visit) => ListAsync(visit, place(visit), StatusCodes.Status200OK)).Needs(right);
        routes.MapPost(path, (Visit visit) => AddAsync(visit, place(visit))).Needs(right);
        routes.MapGet(path + "/{id}", (string id, string? before, Visit visit) => ShowAsync(visit, place(visit), id, before, null)).Needs(right);
        routes.MapPost(path + "/{id}/test", (string id, Visit visit) => visit.ShowAsync(
            new TestWebhook(id, place(visit).List), _ => visit.Go($"{place(visit).Path}/{id}", visit.Words.Say("It is told now. Load this page again to see what it answers.")))).Needs(right);
        routes.MapPost(path + "/{id}/replay", (string id, Visit visit) => ReplayAsync(visit, place(visit), id)).Needs(right);
        routes.MapPost(path + "/{id}/enable", (string id, Visit visit) => visit.ShowAsync(
            new EnableWebhook(id, place(visit).List), _ => visit.Go($"{place(visit).Path}/{id}", visit.Words.Say("It is told again what happens from now on.")))).Needs(right);

        // The secret is shown in the answer itself, and nowhere again.
        routes.MapPost(path + "/{id}/secret", (string id, Visit visit) => visit.ShowAsync(
            new RenewWebhookSecret(id, place(visit).List), made => ShowAsync(visit, place(visit), id, null, made))).Needs(right);
        routes.MapPost(path + "/{id}/remove", (string id, Visit visit) => visit.ShowAsync(
            new RemoveWebhook(id, place(visit).List), hook => visit.Go(place(visit).Path, visit.Words.Say("{0} is told nothing any more.", hook.Url)))).Needs(right);
    }

    private static Task<IResult> ListAsync(Visit visit, Place place, int status, MadeWebhook? made = null, AddWebhook? entry = null, string? problem = null) => visit.ShowAsync(
        new BrowseWebhooks(place.List),
        hooks => Answers.Page<WebhooksPage>(new { Hooks = hooks, place.Path, IsServer = place.List.Length == 0, Made = made, Entry = entry, Problem = problem }, status));

    // The secret is shown in the answer itself, and nowhere again.
    private static async Task<IResult> AddAsync(Visit visit, Place place)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var add = new AddWebhook(place.List.Length > 0 ? place.List : null, form["url"].ToString().Trim(), [.. form["event"].OfType<string>()]);
        return await visit.Desk.RunAsync(add, visit.Http.RequestAborted) switch
        {
            Outcome<MadeWebhook>.Done(var made) => await ListAsync(visit, place, StatusCodes.Status200OK, made),
            Outcome<MadeWebhook>.Refused(_, var message) => await ListAsync(visit, place, StatusCodes.Status400BadRequest, entry: add, problem: message),
            _ => Results.Empty,
        };
    }

    private static Task<IResult> ShowAsync(Visit visit, Place place, string id, string? before, MadeWebhook? made) => visit.ShowAsync(new ShowWebhook(id, place.List), hook => visit.ShowAsync(
        new BrowseDeliveries(id, place.List, before, Shown + 1),
        events => Answers.Page<WebhookPage>(new { Hook = hook, Events = EventPage.Of(events, Shown), place.Path, IsServer = place.List.Length == 0, Made = made })));

    private static async Task<IResult> ReplayAsync(Visit visit, Place place, string id)
    {
        var one = (await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted))["event"].ToString();
        return await visit.ShowAsync(
            new ReplayWebhook(id, one.Length > 0 ? one : null, place.List), count => visit.Go($"{place.Path}/{id}", visit.Words.Say("{0} events are told again.", count)));
    }

    /// <summary>Whose webhooks.</summary>
    /// <param name="List">The posting address; empty for the server's own.</param>
    /// <param name="Path">Where their pages are.</param>
    private sealed record Place(string List, string Path);
}

/// <summary>Some of what a webhook was told.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The identifier of the last, where there are more; else null.</param>
public sealed record EventPage(IReadOnlyList<WebhookEvent> Items, string? Next)
{
    internal static EventPage Of(IReadOnlyList<WebhookEvent> read, int most) => read.Count > most ? new([.. read.Take(most)], read[most - 1].Id) : new(read, null);
}
