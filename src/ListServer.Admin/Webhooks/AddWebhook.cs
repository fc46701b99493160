using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Lists.Webhooks;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Webhooks;

/// <summary>A webhook that was just made, or got another secret.</summary>
/// <param name="Secret">What signs what it is told; shown now, and never again.</param>
/// <param name="Webhook">What is known of it.</param>
public sealed record MadeWebhook(string Secret, Webhook Webhook)
{
    internal static MadeWebhook Of(AdminContext context, Webhook hook) => new(WebhookSignature.Secret(context.Store.Secret.Span, hook.Id, hook.SecretNumber), hook);
}

/// <summary>Lets somebody be told of what happens, by HTTP.</summary>
/// <param name="List">On which list: the posting address; null for all of the server.</param>
/// <param name="Url">Where to: https.</param>
/// <param name="Events">See <see cref="WebhookKinds"/>; empty for all.</param>
public sealed record AddWebhook(string? List, string Url, ImmutableArray<string> Events) : UseCase<MadeWebhook>
{
    private const int Most = 20;
    private const int LongestUrl = 1_000;

    /// <inheritdoc/>
    public override async Task<Outcome<MadeWebhook>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var list = List is null ? "" : context.Store.FindList(List)?.Address;
        if (list is null)
        {
            return MissingList.Refuse(List!);
        }

        if (ProblemWithUrl(context) is { } problem)
        {
            return RefusedUseCase.Invalid(nameof(Url), problem);
        }

        var kinds = list.Length > 0 ? WebhookKinds.OfList : WebhookKinds.OfServer;
        if (Events.IsDefault || Events.Any(kind => !kinds.Contains(kind)))
        {
            return RefusedUseCase.Invalid(nameof(Events), $"Choose among {string.Join(' ', kinds)}, or none of them for all.");
        }

        if (context.Store.WebhooksOf(list).Count >= Most)
        {
            return RefusedUseCase.Conflict($"There are {Most} webhooks already. Remove those that nobody needs.");
        }

        var made = new Webhook(OrderedId.New(context.Time), list, Url.Trim(), [.. kinds.Intersect(Events)], context.Time.GetUtcNow(), context.Actor);
        await context.CommitAsync(new WebhookSaved(made), cancellationToken);
        return MadeWebhook.Of(context, made);
    }

    private string? ProblemWithUrl(AdminContext context)
    {
        if (Url.Length > LongestUrl || !Uri.TryCreate(Url.Trim(), UriKind.Absolute, out var url) || !Uri.IsWellFormedUriString(Url.Trim(), UriKind.Absolute)
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return $"Write it like https://hooks.example.org/list, without a name, a password or a fragment, in {LongestUrl} characters at the most.";
        }

        return url.Scheme == Uri.UriSchemeHttps || (context.ClearWebhooks && url.Scheme == Uri.UriSchemeHttp) ? null : "What is told may name members: it goes by https only.";
    }
}
