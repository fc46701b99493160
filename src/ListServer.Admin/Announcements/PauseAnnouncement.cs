using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Store.Changes;

namespace ListServer.Admin.Announcements;

/// <summary>Holds an announcement back at once: only what is on its way still arrives.</summary>
/// <param name="Id">The post's ID.</param>
public sealed record PauseAnnouncement(string Id) : UseCase<AnnouncementProgress>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindAnnouncement(Id) is not { } announcement)
        {
            return MissingAnnouncement.Refuse(Id);
        }

        if (announcement.State is not (AnnouncementState.Scheduled or AnnouncementState.Sending))
        {
            return RefusedUseCase.Conflict($"The announcement {Id} can't be paused: it is {announcement.State.ToString().ToLowerInvariant()}.");
        }

        var now = context.Time.GetUtcNow();
        var reason = $"paused by {context.Actor}";
        await context.CommitAsync(
            [new AnnouncementPaused(Id, now, reason), new TraceAdded(Id, [new TraceEvent(now, TraceStage.Queue, "paused", $"by {context.Actor}")])], cancellationToken);
        return AnnouncementProgress.Of(context.Store.FindAnnouncement(Id)!, context);
    }
}
