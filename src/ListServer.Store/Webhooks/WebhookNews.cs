using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ListServer.Lists.Reports;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;

namespace ListServer.Store.Webhooks;

/// <summary>The webhooks of a list, or those of the server.</summary>
internal sealed record WebhookSet(ImmutableArray<Webhook> Hooks);

/// <summary>
/// Writes down what webhooks are to be told, in the commit that brings it about: neither a crash nor a receiver that is down loses it. All is
/// made of the changes and of what stands in the table, so that a replay writes the same.
/// </summary>
internal static class WebhookNews
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Tells it to the list's webhooks and to the server's that want it.</summary>
    /// <param name="draft">The commit.</param>
    /// <param name="kind">See <see cref="WebhookKinds"/>.</param>
    /// <param name="list">The posting address.</param>
    /// <param name="at">When it happened; null where nobody wrote that down.</param>
    /// <param name="data">What happened; made only if somebody wants it.</param>
    public static void Tell(this Draft draft, string kind, string list, DateTimeOffset? at, Func<object> data)
    {
        Webhook[] hooks = [.. Of(draft, "").Concat(list.Length > 0 ? Of(draft, list) : []).Where(hook => hook.Wants(kind))];
        if (hooks.Length == 0)
        {
            return;
        }

        var id = NextId(draft);
        var body = JsonSerializer.Serialize(new { id, @event = kind, list, at, data = data() }, Options);
        foreach (var hook in hooks)
        {
            Put(draft, new WebhookEvent(id, hook.Id, kind, list, body));
        }
    }

    /// <summary>True when anybody wants to be told of that list: what is costly to find out is not found out for nobody.</summary>
    public static bool IsHeard(Draft draft, string list) => !Of(draft, "").IsEmpty || !Of(draft, list).IsEmpty;

    /// <summary>Tells the server's webhooks that a report came in.</summary>
    public static void TellReport(this Draft draft, ReceivedReport report) => draft.Tell(
        WebhookKinds.ReportReceived, "", report.ReceivedAt, () => new { report.Id, report.Domain, report.Kind, report.Organization, report.ReportId, report.Begin, report.End, report.Doubt });

    /// <summary>Tells one webhook that somebody tries it.</summary>
    public static void Try(this Draft draft, Webhook hook, DateTimeOffset at)
    {
        var id = NextId(draft);
        Put(draft, new WebhookEvent(
            id, hook.Id, WebhookKinds.Test, hook.List, JsonSerializer.Serialize(new { id, @event = WebhookKinds.Test, list = hook.List, at, data = new { webhook = hook.Id } }, Options)));
    }

    /// <summary>A list's webhooks, or with an empty name the server's.</summary>
    public static ImmutableArray<Webhook> Of(Draft draft, string list) => draft.Find<WebhookSet>(TableKey.Webhooks(list))?.Hooks ?? [];

    /// <summary>Where one of them stands; -1 for nowhere.</summary>
    public static int PlaceOf(ImmutableArray<Webhook> hooks, string id) => hooks.Select(hook => hook.Id).ToList().IndexOf(id);

    /// <summary>Changes what is known of one; one that is gone stays gone.</summary>
    public static void Change(Draft draft, string list, string id, Func<Webhook, Webhook> step)
    {
        var hooks = Of(draft, list);
        if (PlaceOf(hooks, id) is >= 0 and var place && step(hooks[place]) is var after && after != hooks[place])
        {
            draft.PutPassing(TableKey.Webhooks(list), new WebhookSet(hooks.SetItem(place, after)));
        }
    }

    // Of the journal's order: the same however often the record is replayed.
    private static string NextId(Draft draft) => string.Create(CultureInfo.InvariantCulture, $"{draft.Sequence:x12}{draft.CountEvent():x4}");

    private static void Put(Draft draft, WebhookEvent told) => draft.Put(TableKey.WebhookEvent(told.Hook, told.Id), told with { NextAttempt = DateTimeOffset.UnixEpoch });
}
