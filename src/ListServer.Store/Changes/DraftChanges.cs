using ListServer.Lists.Announcements;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>Somebody's draft for a list is new, different, or sent.</summary>
public sealed record AnnouncementDraftSaved(AnnouncementDraft Draft) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.AnnouncementDraft(Draft.List, Draft.By), Draft);
}

/// <summary>It is thrown away.</summary>
/// <param name="List">The posting address.</param>
/// <param name="By">Whose it was.</param>
public sealed record AnnouncementDraftRemoved(string List, string By) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.AnnouncementDraft(List, By));
}
