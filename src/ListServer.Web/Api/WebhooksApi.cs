using System.Collections.Immutable;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Admin.Webhooks;
using ListServer.Lists.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Api;

/// <summary>A webhook to add.</summary>
/// <param name="Url">Where to: https.</param>
public sealed record NewWebhook(string Url)
{
    /// <summary>What it is told; nothing named is everything.</summary>
    public ImmutableArray<string> Events { get; init; } = [];
}

/// <summary>What to tell again.</summary>
public sealed record WebhookReplay
{
    /// <summary>One event, whether it was taken or not; null for all that were not.</summary>
    public string? EventId { get; init; }
}

/// <summary>What is told again.</summary>
/// <param name="Events">How many.</param>
public sealed record WebhookReplayed(int Events);

/// <summary>/lists/{list}/webhooks and /webhooks: who is told of what happens.</summary>
internal static class WebhooksApi
{
    public static void MapWebhooksApi(this IEndpointRouteBuilder routes)
    {
        Map(new ApiRoutes(routes, "Webhooks"), "/lists/{list}/webhooks", Right.Own, call => call.List.Address, call => call.ListPath);
        Map(new ApiRoutes(routes, "Webhooks of the server"), "/webhooks", Right.RunServer, _ => "", _ => ApiRoutes.Base);
    }

    private static void Map(ApiRoutes api, string path, Right right, Func<Call, string> list, Func<Call, string> at)
    {
        api.Get<IReadOnlyList<Webhook>>(path, right, Scope.WebhooksRead, "Webhooks, the oldest first", call => call.RunAsync(new BrowseWebhooks(list(call)), hooks => Answer.Json(hooks)));
        api.PostOnce<NewWebhook, MadeWebhook>(path, right, Scope.WebhooksWrite, "Adds a webhook; its secret is shown now, and never again", (call, wanted) => call.RunAsync(
            new AddWebhook(list(call).Length > 0 ? list(call) : null, wanted.Url, wanted.Events),
            made => Answer.Json(made, StatusCodes.Status201Created) with { Location = $"{at(call)}/webhooks/{made.Webhook.Id}" }));
        api.Get<Webhook>(path + "/{id}", right, Scope.WebhooksRead, "A webhook, and whether it takes what it is told", call => call.RunAsync(
            new ShowWebhook(call.Route("id"), list(call)), hook => Answer.Json(hook)));
        api.PostOnce<MadeWebhook>(path + "/{id}/secret", right, Scope.WebhooksWrite, "Makes another secret; the one before signs beside it for a day", call => call.RunAsync(
            new RenewWebhookSecret(call.Route("id"), list(call)), made => Answer.Json(made)));
        api.Post<Webhook>(path + "/{id}/enable", right, Scope.WebhooksWrite, "Tells a webhook again that was given up", call => call.RunAsync(
            new EnableWebhook(call.Route("id"), list(call)), hook => Answer.Json(hook)));
        api.Delete(path + "/{id}", right, Scope.WebhooksWrite, "Removes a webhook; what it was to be told is dropped", call => call.RunAsync(
            new RemoveWebhook(call.Route("id"), list(call)), _ => Answer.Nothing()));
        api.Post<Webhook>(path + "/{id}/test", right, Scope.WebhooksWrite, "Tells a webhook that somebody tries it", call => call.RunAsync(
            new TestWebhook(call.Route("id"), list(call)), hook => Answer.Json(hook, StatusCodes.Status202Accepted)), StatusCodes.Status202Accepted);
        api.Post<WebhookReplay, WebhookReplayed>(path + "/{id}/replay", right, Scope.WebhooksWrite, "Tells again what was not taken", (call, wanted) => call.RunAsync(
            new ReplayWebhook(call.Route("id"), wanted.EventId, list(call)), count => Answer.Json(new WebhookReplayed(count), StatusCodes.Status202Accepted)), StatusCodes.Status202Accepted);
        api.Get<ItemPage<WebhookEvent>>(path + "/{id}/events", right, Scope.WebhooksRead, "What a webhook was told, and what it answered, the newest first", call => call.RunAsync(
            new BrowseDeliveries(call.Route("id"), list(call), call.After, call.Limit + 1),
            events => Answer.Json(ItemPage<WebhookEvent>.Of(events, call.Limit, told => told.Id))), QueryParameter.Page);
    }
}
