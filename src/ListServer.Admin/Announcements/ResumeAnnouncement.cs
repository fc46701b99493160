using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Announcements;

/// <summary>Lets an announcement go on; one that is not paused lets all others follow those who got it first.</summary>
/// <param name="Id">The post's ID.</param>
public sealed record ResumeAnnouncement(string Id) : UseCase<AnnouncementProgress>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindAnnouncement(Id) is not { } announcement)
        {
            return MissingAnnouncement.Refuse(Id);
        }

        var now = context.Time.GetUtcNow();
        if (announcement.Resumed(now) == announcement)
        {
            return RefusedUseCase.Conflict($"The announcement {Id} waits for nobody: it is {announcement.State.ToString().ToLowerInvariant()}.");
        }

        if (context.Store.Queue.OfPost(Id) is { Count: > 0 } groups
            && now + ((announcement.Plan.Rate?.Each ?? TimeSpan.Zero) * groups.Sum(g => g.Waiting)) is var end && groups.Min(g => g.ExpiresAt) is var last && end >= last)
        {
            // AUTH-32: signatures outlive the queue by little; what was held back beyond its time would arrive unsigned in effect.
            return RefusedUseCase.Conflict($"The copies of {Id} may wait until {PastTime.Shown(last)}, and the last would leave at {PastTime.Shown(end)}; stop it and send it anew.");
        }

        await context.CommitAsync(
            [new AnnouncementResumed(Id, now), new TraceAdded(Id, [new TraceEvent(now, TraceStage.Queue, "resumed", $"by {context.Actor}")])], cancellationToken);
        return AnnouncementProgress.Of(context.Store.FindAnnouncement(Id)!, context);
    }
}
