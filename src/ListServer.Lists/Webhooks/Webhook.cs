using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Webhooks;

/// <summary>Where somebody wants to be told of what happens, by HTTP.</summary>
/// <param name="Id">Names it; ordered by time.</param>
/// <param name="List">On which list: the posting address; empty for all of the server.</param>
/// <param name="Url">Where to.</param>
/// <param name="Events">See <see cref="WebhookKinds"/>; empty for all.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="CreatedBy">Who wanted it.</param>
public sealed record Webhook(string Id, string List, string Url, ImmutableArray<string> Events, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>How long the secret before is good beside a new one.</summary>
    public static readonly TimeSpan OldSecretLifetime = TimeSpan.FromHours(24);

    /// <summary>How often its secret was changed.</summary>
    public int SecretNumber { get; init; }

    /// <summary>Until when the secret before signs, too; null for none before.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>Since when it takes nothing; null for one that took what it was told last.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it was given up, as it took nothing for long: it is told nothing until somebody enables it. Null for one that is told.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>What came back before it was given up; empty for one that is told.</summary>
    public string DisabledFor { get; init; } = "";

    /// <summary>True for what it is told.</summary>
    public bool Wants(string kind) => DisabledAt is null && (Events.IsEmpty || Events.Contains(kind));
}

/// <summary>Something that a webhook is to be told, or was.</summary>
/// <param name="Id">The same, however often it is told; ordered by time.</param>
/// <param name="Hook">The webhook's identifier.</param>
/// <param name="Kind">See <see cref="WebhookKinds"/>.</param>
/// <param name="List">The posting address.</param>
/// <param name="Body">JSON, as it is sent.</param>
public sealed record WebhookEvent(string Id, string Hook, string Kind, string List, string Body)
{
    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next; null when it was taken, or was given up.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When it was last tried; null for never.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When it was taken; null for not yet.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When it was given up; null for not yet.</summary>
    public DateTimeOffset? GivenUpAt { get; init; }

    /// <summary>What came back last, in short; empty before the first attempt.</summary>
    public string Answer { get; init; } = "";
}

/// <summary>What webhooks are told of.</summary>
public static class WebhookKinds
{
    /// <summary>A post goes to the list.</summary>
    public const string PostAccepted = "post.accepted";

    /// <summary>A post waits for a moderator.</summary>
    public const string PostHeld = "post.held";

    /// <summary>A post was refused after it was held.</summary>
    public const string PostRejected = "post.rejected";

    /// <summary>A post was dropped.</summary>
    public const string PostDiscarded = "post.discarded";

    /// <summary>A post's copies are in the queue.</summary>
    public const string PostDistributed = "post.distributed";

    /// <summary>Somebody is new on a list.</summary>
    public const string MemberJoined = "member.joined";

    /// <summary>Somebody is no longer on a list.</summary>
    public const string MemberLeft = "member.left";

    /// <summary>A member gets no copies any more, as mail came back.</summary>
    public const string MemberSuspended = "member.suspended";

    /// <summary>A provider refuses what a list sends, and not for a member's fault.</summary>
    public const string DeliveryIncident = "delivery.incident";

    /// <summary>Every recipient of an announcement has an outcome.</summary>
    public const string AnnouncementDone = "announcement.done";

    /// <summary>An announcement was given up.</summary>
    public const string AnnouncementStopped = "announcement.stopped";

    /// <summary>A job is over.</summary>
    public const string JobDone = "job.done";

    /// <summary>A report on mail in the name of a domain came in; for webhooks of the server.</summary>
    public const string ReportReceived = "report.received";

    /// <summary>Somebody tries the webhook.</summary>
    public const string Test = "webhook.test";

    /// <summary>All that a list's webhook can ask for.</summary>
    public static ImmutableArray<string> OfList { get; } =
    [
        PostAccepted, PostHeld, PostRejected, PostDiscarded, PostDistributed, MemberJoined, MemberLeft, MemberSuspended, DeliveryIncident, AnnouncementDone, AnnouncementStopped, JobDone,
    ];

    /// <summary>All that a webhook of the server can ask for.</summary>
    public static ImmutableArray<string> OfServer { get; } = [.. OfList, ReportReceived];
}

/// <summary>Proves to who is told that it is we who tell it, and when.</summary>
public static class WebhookSignature
{
    private const string Prefix = "whs_";

    /// <summary>The secret that a webhook shares with us. Made of ours, its identifier and a number: it is kept nowhere (SEC-28).</summary>
    /// <param name="ours">The server's own secret.</param>
    /// <param name="id">The webhook's identifier.</param>
    /// <param name="number">See <see cref="Webhook.SecretNumber"/>.</param>
    public static string Secret(ReadOnlySpan<byte> ours, string id, int number)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(ours, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"webhook\n{id}\n{number}"))));
    }

    /// <summary>The value of the Webhook-Signature field: see <see cref="Sign"/>; signed with the secret before, too, while that is good.</summary>
    /// <param name="ours">The server's own secret.</param>
    /// <param name="hook">Who is told.</param>
    /// <param name="at">When it is sent.</param>
    /// <param name="body">What is sent.</param>
    public static string Of(ReadOnlySpan<byte> ours, Webhook hook, DateTimeOffset at, string body)
    {
        ArgumentNullException.ThrowIfNull(hook);
        var now = Secret(ours, hook.Id, hook.SecretNumber);
        return hook.OldSecretUntil > at ? Sign(at, body, now, Secret(ours, hook.Id, hook.SecretNumber - 1)) : Sign(at, body, now);
    }

    /// <summary>"t=" the time in seconds since 1970, and for each secret "v1=" HMAC-SHA256 over that time, a full stop and the body, in hexadecimal digits.</summary>
    /// <param name="at">When it is sent.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="secrets">See <see cref="Secret"/>; their characters are the key.</param>
    public static string Sign(DateTimeOffset at, string body, params ReadOnlySpan<string> secrets)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{seconds}.{body}");
        var value = new StringBuilder("t=" + seconds);
        foreach (var secret in secrets)
        {
            value.Append(",v1=").Append(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
        }

        return value.ToString();
    }
}
