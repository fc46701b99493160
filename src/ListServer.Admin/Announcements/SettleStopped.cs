using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Admin.Announcements;

/// <summary>Writes down that those who wait for a stopped announcement get no copy, but for those whose copies a courier has in hand.</summary>
/// <param name="Id">The post's ID.</param>
public sealed record SettleStopped(string Id) : UseCase<AnnouncementProgress>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindAnnouncement(Id) is not { State: AnnouncementState.Stopped } announcement)
        {
            return MissingAnnouncement.Refuse(Id);
        }

        // Taken by us, a group is in no courier's hands: nobody counts as stopped whose copy leaves at the same time.
        var queue = context.Store.Queue;
        var groups = queue.OfPost(Id);
        List<GroupLease> taken = [.. groups.Select(g => queue.Take(g.Id)).OfType<GroupLease>()];
        try
        {
            var recipients = taken.Sum(lease => lease.Waiting.Length);
            if (recipients > 0 || (groups.Count == 0 && !announcement.IsSettled))
            {
                var detail = recipients > 0 ? $"{recipients} recipients get no copy: {announcement.Reason}" : $"nobody waits: {announcement.Reason}";
                await context.CommitAsync(
                    [
                        new RecipientsStopped(Id, [.. taken.Select(lease => lease.Group.Id)]),
                        new TraceAdded(Id, [new TraceEvent(context.Time.GetUtcNow(), TraceStage.Queue, "stopped", detail)]),
                    ],
                    cancellationToken);
            }
        }
        finally
        {
            taken.ForEach(lease => lease.Dispose());
        }

        return AnnouncementProgress.Of(context.Store.FindAnnouncement(Id)!, context);
    }
}
