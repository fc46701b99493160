using System.Globalization;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Announcements;

/// <summary>Lets an announcement begin at another time; only before it has begun.</summary>
/// <param name="Id">The post's ID.</param>
/// <param name="At">Not before.</param>
public sealed record RescheduleAnnouncement(string Id, DateTimeOffset At) : UseCase<AnnouncementProgress>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindAnnouncement(Id) is not { } announcement)
        {
            return MissingAnnouncement.Refuse(Id);
        }

        if (announcement.StartedAt is not null || announcement.IsOver)
        {
            return RefusedUseCase.Conflict($"The announcement {Id} has begun, or is over: its time can't be changed.");
        }

        var now = context.Time.GetUtcNow();
        if (At < now)
        {
            return RefusedUseCase.Invalid(PastTime.Words(At));
        }

        var told = new TraceEvent(now, TraceStage.Queue, "rescheduled", $"to {PastTime.Shown(At)} by {context.Actor}");
        await context.CommitAsync([new AnnouncementRescheduled(Id, At), new TraceAdded(Id, [told])], cancellationToken);
        return AnnouncementProgress.Of(context.Store.FindAnnouncement(Id)!, context);
    }
}

/// <summary>A time that is over: a slip in a date must not send anything at once.</summary>
internal static class PastTime
{
    public static string Words(DateTimeOffset at) => $"{Shown(at)} is over. Without a time it goes at once.";

    public static string Shown(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
