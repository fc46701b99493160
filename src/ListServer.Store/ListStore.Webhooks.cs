using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>True while a webhook is to be told something.</summary>
    public bool HasWebhookEvents => !_projections.Webhooks.IsEmpty;

    /// <summary>All webhooks, the oldest first: the server's and those of lists.</summary>
    public IReadOnlyList<Webhook> Webhooks() => [.. Read<WebhookSet>(_table.Webhooks).SelectMany(set => set.Hooks).OrderBy(hook => hook.Id, StringComparer.Ordinal)];

    /// <summary>The webhooks of a list, the oldest first.</summary>
    /// <param name="list">The posting address; empty for the server's own.</param>
    public IReadOnlyList<Webhook> WebhooksOf(string list) => Find<WebhookSet>(TableKey.Webhooks(list))?.Hooks ?? [];

    /// <summary>The webhooks that wait to be told something.</summary>
    public IReadOnlyList<WaitingWebhook> WaitingWebhooks() => _projections.Webhooks.All();

    /// <summary>What a webhook is to be told next, if it is due; else null.</summary>
    /// <param name="hook">Its identifier.</param>
    /// <param name="now">The time.</param>
    public WebhookEvent? NextWebhookEvent(string hook, DateTimeOffset now) => _projections.Webhooks.Next(hook, now) is { } id ? FindWebhookEvent(hook, id) : null;

    /// <summary>What a webhook was told, and is to be told, the newest first.</summary>
    /// <param name="hook">Its identifier.</param>
    /// <param name="before">The identifier of the last event of the page before, or null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<WebhookEvent> WebhookLog(string hook, string? before, int limit) =>
        Read<WebhookEvent>(Down(TableKey.WebhookEvents(hook), before).Take(limit));

    /// <summary>One of these, or null.</summary>
    public WebhookEvent? FindWebhookEvent(string hook, string id) => Find<WebhookEvent>(TableKey.WebhookEvent(hook, id));
}
