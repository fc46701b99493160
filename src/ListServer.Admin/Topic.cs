using ListServer.Store.Changes;

namespace ListServer.Admin;

/// <summary>What news can be about.</summary>
[Flags]
public enum Topic
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Jobs.</summary>
    Jobs = 1,

    /// <summary>Posts that come, wait for a moderator or leave.</summary>
    Posts = 2,

    /// <summary>Who is on lists.</summary>
    Members = 4,

    /// <summary>What waits to be delivered, and what became of it.</summary>
    Deliveries = 8,
}

/// <summary>Tells changes by their topic.</summary>
internal static class Topics
{
    public static Topic Of(Change change) => change switch
    {
        JobSaved => Topic.Jobs,
        PostSaved or AnnouncementPlanned or AnnouncementPaused or AnnouncementResumed or AnnouncementRescheduled or AnnouncementStopped => Topic.Posts,
        PostQueued => Topic.Posts | Topic.Deliveries,
        MembersSaved or MembersRemoved => Topic.Members,
        MailQueued or GroupProgress or RecipientsStopped => Topic.Deliveries,
        _ => Topic.None,
    };
}
