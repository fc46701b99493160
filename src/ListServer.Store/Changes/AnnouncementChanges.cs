using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Lists.Webhooks;
using ListServer.Store.Queue;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>A post is sent by a plan. Comes with the post, before its copies are made.</summary>
public sealed record AnnouncementPlanned(Announcement Announcement) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Announcement(Announcement.PostId), Announcement);
}

/// <summary>The copies of an announcement are queued: comes behind <see cref="PostQueued"/>.</summary>
/// <param name="PostId">The post.</param>
/// <param name="At">When.</param>
public sealed record AnnouncementStarted(string PostId, DateTimeOffset At) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        if (AnnouncementRecord.Find(draft, PostId) is not { IsOver: false } announcement || announcement.Plan.NotBefore > At)
        {
            throw new InvalidOperationException($"The announcement {PostId} is not to begin now.");
        }

        AnnouncementRecord.Put(draft, announcement.Started(At));
        AnnouncementRecord.Count(draft, PostId, before: 0);
    }
}

/// <summary>An announcement is held back; one that is over stays so.</summary>
/// <param name="PostId">The post.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">By whom, in words.</param>
public sealed record AnnouncementPaused(string PostId, DateTimeOffset At, string Reason) : Change
{
    internal override void ApplyTo(Draft draft) => AnnouncementRecord.Move(draft, PostId, a => a.Paused(At, Reason));
}

/// <summary>An announcement goes on, or lets those follow who waited for the first.</summary>
/// <param name="PostId">The post.</param>
/// <param name="At">When.</param>
public sealed record AnnouncementResumed(string PostId, DateTimeOffset At) : Change
{
    internal override void ApplyTo(Draft draft) => AnnouncementRecord.Move(draft, PostId, a => a.Resumed(At));
}

/// <summary>An announcement begins at another time; one that has begun goes on.</summary>
/// <param name="PostId">The post.</param>
/// <param name="NotBefore">Not before.</param>
public sealed record AnnouncementRescheduled(string PostId, DateTimeOffset NotBefore) : Change
{
    internal override void ApplyTo(Draft draft) => AnnouncementRecord.Move(draft, PostId, a => a.Rescheduled(NotBefore));
}

/// <summary>An announcement is given up. Before its copies are made the post is discarded; later <see cref="RecipientsStopped"/> follows.</summary>
/// <param name="PostId">The post.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record AnnouncementStopped(string PostId, string Reason) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        AnnouncementRecord.Move(draft, PostId, a => a.Stopped(Reason));
        if (draft.Find<Post>(TableKey.Post(PostId)) is { State: PostState.Accepted or PostState.Held } post)
        {
            new PostSaved(post with { State = PostState.Discarded, Reason = Reason }).ApplyTo(draft);
        }
    }
}

/// <summary>All who wait in these groups of a stopped announcement get no copy any more. It is settled when nobody else waits.</summary>
/// <param name="PostId">The post.</param>
/// <param name="GroupIds">Groups that no courier has in hand, may be none; those that are gone stay gone.</param>
public sealed record RecipientsStopped(string PostId, ImmutableArray<string> GroupIds) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var stopped = 0;
        foreach (var id in GroupIds)
        {
            if (draft.Find<GroupState>(TableKey.GroupState(id)) is { } state && state.PostId == PostId)
            {
                stopped += state.WaitingCount;
                draft.Remove(TableKey.Group(id));
                draft.Remove(TableKey.GroupState(id));
            }
        }

        var tally = draft.Find<PostTally>(TableKey.Tally(PostId));
        if (tally is not null && stopped > 0)
        {
            draft.PutPassing(TableKey.Tally(PostId), tally = tally with { Stopped = tally.Stopped + stopped });
        }

        if (tally is null or { Waiting: 0 })
        {
            AnnouncementRecord.Move(draft, PostId, a => a.Settled());
        }
    }
}

/// <summary>How changes move announcements. What is over stays as it is, whoever comes late.</summary>
internal static class AnnouncementRecord
{
    public static Announcement? Find(Draft draft, string postId) => draft.Find<Announcement>(TableKey.Announcement(postId));

    public static void Put(Draft draft, Announcement announcement) => draft.Put(TableKey.Announcement(announcement.PostId), announcement);

    public static void Move(Draft draft, string postId, Func<Announcement, Announcement> step)
    {
        if (Find(draft, postId) is { } before && step(before) is var after && after != before)
        {
            Put(draft, after);
            if (after.IsOver && !before.IsOver)
            {
                var tally = draft.Find<PostTally>(TableKey.Tally(postId));
                draft.Tell(after.State is AnnouncementState.Done ? WebhookKinds.AnnouncementDone : WebhookKinds.AnnouncementStopped, after.List, null, () => new
                {
                    id = postId,
                    after.State,
                    after.Reason,
                    recipients = tally?.Recipients ?? 0,
                    delivered = tally?.Delivered ?? 0,
                    refused = tally?.Refused ?? 0,
                });
            }
        }
    }

    /// <summary>Draws the conclusion from a post's tally: it is done, or it has to stop.</summary>
    public static void Count(Draft draft, string postId, int before)
    {
        if (draft.Find<PostTally>(TableKey.Tally(postId)) is { } tally)
        {
            Move(draft, postId, a => a.After(before, tally.Delivered, tally.Refused, tally.Waiting, tally.Recipients));
        }
    }
}
