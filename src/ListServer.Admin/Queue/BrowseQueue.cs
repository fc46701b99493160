using ListServer.Lists;
using ListServer.Lists.Announcements;

namespace ListServer.Admin.Queue;

/// <summary>What waits for one destination.</summary>
/// <param name="Destination">The recipients' domain.</param>
/// <param name="Waiting">Recipients that wait, those on their way included.</param>
/// <param name="InFlight">Those of them whose copies are on their way now.</param>
/// <param name="Oldest">Since when the oldest waits.</param>
/// <param name="NextAttempt">When the next attempt is due; null when announcements hold back all that waits.</param>
/// <param name="Attempts">How often the most tried of them was tried.</param>
/// <param name="LastReply">The destination's last words; empty before the first attempt.</param>
/// <param name="Pace">How fast it goes there; null when no server runs, or nothing is known of it.</param>
public sealed record QueueSummary(
    string Destination, int Waiting, int InFlight, DateTimeOffset Oldest, DateTimeOffset? NextAttempt, int Attempts, string LastReply, DestinationPace? Pace)
{
    internal static QueueSummary Of(Store.Queue.QueueSummary queue, AdminContext context) => new(
        queue.Destination, queue.Waiting, queue.InFlight, queue.Oldest, queue.NextAttempt, queue.Attempts, queue.LastReply, context.PaceOf(queue.Destination));
}

/// <summary>How fast copies go to a destination.</summary>
/// <param name="Connections">In use now.</param>
/// <param name="Allowed">As many as it gets at the most, by what it answered.</param>
/// <param name="NotBefore">Nothing begins before; null for no pause.</param>
/// <param name="SlowedBy">The words that slowed it; empty when nothing did.</param>
public sealed record DestinationPace(int Connections, int Allowed, DateTimeOffset? NotBefore, string SlowedBy);

/// <summary>A post that is accepted and not yet distributed.</summary>
/// <param name="Id">The post.</param>
/// <param name="List">Its list.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Reason">What it waits for, such as a key of the domain; empty when its turn just has not come.</param>
public sealed record UndistributedPost(string Id, string List, DateTimeOffset ReceivedAt, string Reason);

/// <summary>All that waits.</summary>
/// <param name="Destinations">The oldest first.</param>
/// <param name="Undistributed">Posts of which there are no copies yet, the oldest first.</param>
public sealed record QueueOverview(IReadOnlyList<QueueSummary> Destinations, IReadOnlyList<UndistributedPost> Undistributed);

/// <summary>What waits to be delivered, by destination, and what waits before that.</summary>
public sealed record BrowseQueue : Query<QueueOverview>
{
    private const int MostPosts = 1_000;

    /// <inheritdoc/>
    protected override Outcome<QueueOverview> Look(AdminContext context) => new QueueOverview(
        [.. context.Store.Queue.Summaries().Select(queue => QueueSummary.Of(queue, context)).OrderBy(queue => queue.Oldest)],
        [.. context.Store.Posts(null, PostState.Accepted, null, MostPosts).Reverse().Select(post => new UndistributedPost(post.Id, post.List, post.ReceivedAt, Reason(post, context)))]);

    private static string Reason(Post post, AdminContext context) => post.IsAnnouncement && context.Store.FindAnnouncement(post.Id) is { } announcement
        ? Reason(announcement, context)
        : Problem(post, context);

    private static string Reason(Announcement announcement, AdminContext context) => announcement switch
    {
        { State: AnnouncementState.Paused } => announcement.Reason,
        { StartsAt: { } at } when at > context.Time.GetUtcNow() => FormattableString.Invariant($"scheduled for {at:yyyy-MM-dd HH:mm:ss zzz}"),
        _ => "",
    };

    private static string Problem(Post post, AdminContext context) =>
        context.Store.Trace(post.Id).LastOrDefault(line => line is { Stage: TraceStage.Signing, Outcome: "waits" })?.Detail ?? "";
}
