namespace ListServer.Admin.Announcements;

/// <summary>How far an announcement got.</summary>
/// <param name="Id">The post's ID.</param>
public sealed record ShowAnnouncement(string Id) : Query<AnnouncementProgress>
{
    /// <inheritdoc/>
    protected override Outcome<AnnouncementProgress> Look(AdminContext context) => context.Store.FindAnnouncement(Id) is { } announcement
        ? AnnouncementProgress.Of(announcement, context)
        : MissingAnnouncement.Refuse(Id);
}
