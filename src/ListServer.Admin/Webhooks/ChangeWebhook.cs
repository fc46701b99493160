using ListServer.Lists.Webhooks;
using ListServer.Store.Changes;

namespace ListServer.Admin.Webhooks;

/// <summary>Ends a webhook; what it was to be told is dropped.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="List">As in <see cref="ShowWebhook"/>.</param>
public sealed record RemoveWebhook(string Id, string? List = null) : UseCase<Webhook>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Webhook>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowWebhook.Find(context, Id, List) is not { } hook)
        {
            return ShowWebhook.Missing(Id);
        }

        await context.CommitAsync(new WebhookRemoved(hook), cancellationToken);
        return hook;
    }
}

/// <summary>Gives a webhook another secret; the one before signs beside it for a day.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="List">As in <see cref="ShowWebhook"/>.</param>
public sealed record RenewWebhookSecret(string Id, string? List = null) : UseCase<MadeWebhook>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MadeWebhook>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowWebhook.Find(context, Id, List) is not { } hook)
        {
            return ShowWebhook.Missing(Id);
        }

        var now = context.Time.GetUtcNow();
        if (hook.OldSecretUntil > now)
        {
            return RefusedUseCase.Conflict("Its secret was renewed within the last day: a third would end the first before its time. Wait, or remove the webhook if somebody else knows the secret.");
        }

        var renewed = hook with { SecretNumber = hook.SecretNumber + 1, OldSecretUntil = now + Webhook.OldSecretLifetime };
        await context.CommitAsync(new WebhookSaved(renewed), cancellationToken);
        return MadeWebhook.Of(context, renewed);
    }
}

/// <summary>Tells a webhook again that was given up.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="List">As in <see cref="ShowWebhook"/>.</param>
public sealed record EnableWebhook(string Id, string? List = null) : UseCase<Webhook>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Webhook>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowWebhook.Find(context, Id, List) is not { } hook)
        {
            return ShowWebhook.Missing(Id);
        }

        if (hook.DisabledAt is null)
        {
            return RefusedUseCase.Conflict("This webhook is told what happens: there is nothing to enable.");
        }

        var enabled = hook with { DisabledAt = null, DisabledFor = "", FailingSince = null };
        await context.CommitAsync(new WebhookSaved(enabled), cancellationToken);
        return enabled;
    }
}
