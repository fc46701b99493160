using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Store.Queue;

namespace ListServer.Admin.Announcements;

/// <summary>How far an announcement got. What was delivered, refused, expired, withdrawn and stopped, and what waits, add up to the recipients.</summary>
/// <param name="Id">The post's ID.</param>
/// <param name="List">The posting address.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it is held back or stopped; may be empty.</param>
/// <param name="By">Who sent it.</param>
/// <param name="Plan">How it is sent.</param>
/// <param name="StartedAt">When its copies were queued; null before.</param>
/// <param name="RestWaits">True while all others wait for 'announce resume' behind those who got it first.</param>
/// <param name="Recipients">All; 0 before it began.</param>
/// <param name="Delivered">Accepted by their providers.</param>
/// <param name="Waiting">Still to be tried.</param>
/// <param name="Refused">Refused for good.</param>
/// <param name="Expired">Given up.</param>
/// <param name="Withdrawn">Left the list before it was sent to them.</param>
/// <param name="Stopped">Not sent, because it was stopped, or dropped from the queue.</param>
/// <param name="PerMinute">Outcomes a minute since it began, or since all others may leave, pauses left out; null while nothing moves.</param>
/// <param name="TimeLeft">As long as all who wait take at that speed; null while nothing moves, or some wait for the first.</param>
public sealed record AnnouncementProgress(
    string Id,
    string List,
    string Subject,
    AnnouncementState State,
    string Reason,
    string By,
    SendingPlan Plan,
    DateTimeOffset? StartedAt,
    bool RestWaits,
    int Recipients,
    int Delivered,
    int Waiting,
    int Refused,
    int Expired,
    int Withdrawn,
    int Stopped,
    double? PerMinute,
    TimeSpan? TimeLeft)
{
    private static readonly PostTally None = new(0, 0, 0, 0);

    internal static AnnouncementProgress Of(Announcement announcement, AdminContext context)
    {
        var post = context.Store.FindPost(announcement.PostId);
        var tally = context.Store.FindTally(announcement.PostId) ?? None;
        var now = context.Time.GetUtcNow();
        var isOpen = announcement.Plan.First == 0 || announcement.IsRestOpen(now);
        var perMinute = announcement.State == AnnouncementState.Sending ? PerMinuteOf(announcement, tally, now) : null;
        return new AnnouncementProgress(
            announcement.PostId,
            announcement.List,
            post?.Subject ?? "",
            announcement.State,
            ReasonOf(announcement, post),
            announcement.By,
            announcement.Plan,
            announcement.StartedAt,
            announcement is { State: AnnouncementState.Sending, RestAt: null, Plan: { First: > 0, ThenAfter: null } plan } && tally.Recipients > plan.First,
            tally.Recipients,
            tally.Delivered,
            tally.Waiting,
            tally.Refused,
            tally.Expired,
            tally.Withdrawn,
            tally.Stopped,
            perMinute,
            isOpen && perMinute is { } rate ? TimeSpan.FromSeconds(Math.Ceiling(tally.Waiting / rate * 60)) : null);
    }

    private static string ReasonOf(Announcement announcement, Post? post) => announcement.Reason.Length == 0 && post is { State: PostState.Held }
        ? $"held for a moderator: {post.Reason}"
        : announcement.Reason;

    private static double? PerMinuteOf(Announcement announcement, PostTally tally, DateTimeOffset now)
    {
        var (settled, first) = (tally.Recipients - tally.Waiting, announcement.Plan.First);
        var isIdle = first > 0 && !announcement.IsRestOpen(now) && settled >= first;
        var counted = announcement.IsRestOpen(now) ? settled - first : settled;
        return !isIdle && counted > 0 && announcement.SendingFor(now) is { Ticks: > 0 } time ? counted / time.TotalMinutes : null;
    }
}

/// <summary>The one answer to an announcement that is not here, or that can't be moved so.</summary>
internal static class MissingAnnouncement
{
    public static RefusedUseCase Refuse(string id) => RefusedUseCase.NotFound($"There is no announcement {id}. 'listserver announce list' names the latest.");
}
