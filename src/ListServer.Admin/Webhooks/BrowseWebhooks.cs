using ListServer.Lists.Webhooks;

namespace ListServer.Admin.Webhooks;

/// <summary>Webhooks, the oldest first.</summary>
/// <param name="List">Of one list, by its posting address; empty for the server's own, null for all.</param>
public sealed record BrowseWebhooks(string? List = null) : Query<IReadOnlyList<Webhook>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Webhook>> Look(AdminContext context) => Outcome.Done(List is null ? context.Store.Webhooks() : context.Store.WebhooksOf(List));
}

/// <summary>A webhook.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="List">Only if it is that list's, by its posting address; empty for the server's own, null for any.</param>
public sealed record ShowWebhook(string Id, string? List = null) : Query<Webhook>
{
    /// <inheritdoc/>
    protected override Outcome<Webhook> Look(AdminContext context) => Find(context, Id, List) is { } hook ? hook : Missing(Id);

    internal static Webhook? Find(AdminContext context, string id, string? list) =>
        (list is null ? context.Store.Webhooks() : context.Store.WebhooksOf(list)).FirstOrDefault(hook => hook.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    internal static RefusedUseCase Missing(string id) => RefusedUseCase.NotFound($"There is no webhook {id}. 'listserver webhook list' names them.");
}

/// <summary>What a webhook was told, and is to be told, the newest first; for a month.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="List">As in <see cref="ShowWebhook"/>.</param>
/// <param name="Before">The identifier of the last event of the page before; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record BrowseDeliveries(string Id, string? List = null, string? Before = null, int Limit = 50) : Query<IReadOnlyList<WebhookEvent>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<WebhookEvent>> Look(AdminContext context) => ShowWebhook.Find(context, Id, List) switch
    {
        null => ShowWebhook.Missing(Id),
        _ when Limit is < 1 or > 1_000 => RefusedUseCase.Invalid("A page has 1 to 1,000 events."),
        var hook => Outcome.Done(context.Store.WebhookLog(hook.Id, Before, Limit)),
    };
}
