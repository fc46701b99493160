using System.Collections.Immutable;
using ListServer.Lists.Webhooks;
using ListServer.Store.Changes;

namespace ListServer.Admin.Webhooks;

/// <summary>Tells a webhook that somebody tries it.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="List">As in <see cref="ShowWebhook"/>.</param>
public sealed record TestWebhook(string Id, string? List = null) : UseCase<Webhook>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Webhook>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowWebhook.Find(context, Id, List) is not { } hook)
        {
            return ShowWebhook.Missing(Id);
        }

        if (hook.DisabledAt is not null)
        {
            return Disabled();
        }

        await context.CommitAsync(new WebhookTested(hook, context.Time.GetUtcNow()), cancellationToken);
        return hook;
    }

    internal static RefusedUseCase Disabled() => RefusedUseCase.Conflict("This webhook took nothing for long and is told nothing any more. Enable it first.");
}

/// <summary>Tells a webhook something again, or all that it did not take.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="EventId">One event, whether it was taken or not; null for all that were not.</param>
/// <param name="List">As in <see cref="ShowWebhook"/>.</param>
public sealed record ReplayWebhook(string Id, string? EventId = null, string? List = null) : UseCase<int>
{
    private const int Most = 10_000;

    /// <inheritdoc/>
    public override async Task<Outcome<int>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowWebhook.Find(context, Id, List) is not { } hook)
        {
            return ShowWebhook.Missing(Id);
        }

        if (hook.DisabledAt is not null)
        {
            return TestWebhook.Disabled();
        }

        ImmutableArray<string> events = EventId is null
            ? [.. context.Store.WebhookLog(hook.Id, null, Most).Where(told => told.DeliveredAt is null).Select(told => told.Id)]
            : context.Store.FindWebhookEvent(hook.Id, EventId.ToLowerInvariant()) is { } one ? [one.Id] : [];
        if (events.IsEmpty && EventId is not null)
        {
            return RefusedUseCase.NotFound($"The webhook {hook.Id} was not told {EventId} within the last month.");
        }

        if (!events.IsEmpty)
        {
            await context.CommitAsync(new WebhookReplayed(hook.Id, events, context.Time.GetUtcNow()), cancellationToken);
        }

        return events.Length;
    }
}
