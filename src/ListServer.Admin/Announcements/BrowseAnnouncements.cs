using ListServer.Admin.Lists;

namespace ListServer.Admin.Announcements;

/// <summary>The latest announcements, newest first.</summary>
/// <param name="List">The posting address; null for all lists.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record BrowseAnnouncements(string? List, int Limit = 100) : Query<IReadOnlyList<AnnouncementProgress>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<AnnouncementProgress>> Look(AdminContext context)
    {
        if (List is not null && context.Store.FindList(List) is null)
        {
            return MissingList.Refuse(List);
        }

        return Limit is >= 1 and <= 1_000
            ? Outcome.Done<IReadOnlyList<AnnouncementProgress>>([.. context.Store.Announcements(List, Limit).Select(a => AnnouncementProgress.Of(a, context))])
            : RefusedUseCase.Invalid("A page has 1 to 1,000 announcements.");
    }
}
