using ListServer.Store.Changes;

namespace ListServer.Admin.Announcements;

/// <summary>Gives an announcement up: who waits for it gets no copy. What is on its way still arrives.</summary>
/// <param name="Id">The post's ID.</param>
public sealed record StopAnnouncement(string Id) : UseCase<AnnouncementProgress>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindAnnouncement(Id) is not { } announcement)
        {
            return MissingAnnouncement.Refuse(Id);
        }

        if (announcement.IsOver)
        {
            return RefusedUseCase.Conflict($"The announcement {Id} can't be stopped: it is {announcement.State.ToString().ToLowerInvariant()}.");
        }

        // First nothing more is taken, then what nobody has in hand is settled. Should we end in between, the next start settles it.
        await context.CommitAsync([new AnnouncementStopped(Id, $"stopped by {context.Actor}"), .. OpenDraft.Again(announcement, context)], cancellationToken);
        return await new SettleStopped(Id).RunAsync(context, cancellationToken);
    }
}
