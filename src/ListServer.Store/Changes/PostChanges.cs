using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Cooking;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>A post is new or stands elsewhere. Its octets are in the spool before, or in the same commit (<see cref="OctetsKept"/>); they leave it once nothing of the post waits.</summary>
/// <param name="Post">The whole post.</param>
public sealed record PostSaved(Post Post) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        if (WebhookNews.IsHeard(draft, Post.List) && draft.Find<Post>(TableKey.Post(Post.Id))?.State != Post.State)
        {
            Tell(draft);
        }

        draft.PutPassing(TableKey.Post(Post.Id), Post);
        if (Post.State is PostState.Accepted or PostState.Held)
        {
            draft.PutPassing(TableKey.OpenPost(Post.Id), new OpenPost(Post.Id, Post.List, Post.State));
        }
        else
        {
            draft.Remove(TableKey.OpenPost(Post.Id));
            if (Post is { IsAnnouncement: true, State: PostState.Rejected or PostState.Discarded })
            {
                AnnouncementRecord.Move(draft, Post.Id, a => a.Stopped(Post.Reason));
            }
        }

        draft.Put(TableKey.PostOfList(Post.List, Post.Id), Post.State);
        if (Post.MessageId.Length > 0)
        {
            draft.Put(TableKey.MessageId(Post.List, Post.MessageId), new RecentPost(Post.Id, Post.ReceivedAt));
        }
    }

    private void Tell(Draft draft)
    {
        if (Post.State switch
        {
            PostState.Accepted => WebhookKinds.PostAccepted,
            PostState.Held => WebhookKinds.PostHeld,
            PostState.Rejected => WebhookKinds.PostRejected,
            PostState.Discarded => WebhookKinds.PostDiscarded,
            _ => null,
        } is { } kind)
        {
            draft.Tell(kind, Post.List, null, () => PostNews.Of(Post));
        }
    }
}

/// <summary>What webhooks are told of a post.</summary>
internal static class PostNews
{
    public static object Of(Post post) => new
    {
        post.Id,
        post.Subject,
        author = post.Report.Author.Address,
        post.MessageId,
        post.State,
        post.Reason,
        post.ReceivedAt,
        post.Serial,
        sizeOctets = post.Size,
    };
}

/// <summary>The latest post with a Message-ID.</summary>
internal sealed record RecentPost(string Id, DateTimeOffset ReceivedAt);

/// <summary>A post on which something is still to be decided.</summary>
/// <param name="Id">The post.</param>
/// <param name="List">The posting address.</param>
/// <param name="State">Accepted or held.</param>
/// <param name="ToldAt">When those who run the list were told that it is held; null for not yet.</param>
public sealed record OpenPost(string Id, string List, PostState State, DateTimeOffset? ToldAt = null);

/// <summary>Those who run a list were told of held posts; what is decided by then stays decided.</summary>
/// <param name="PostIds">The posts.</param>
/// <param name="At">When.</param>
public sealed record HeldTold(ImmutableArray<string> PostIds, DateTimeOffset At) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var key in PostIds.Select(TableKey.OpenPost))
        {
            if (draft.Find<OpenPost>(key) is { State: PostState.Held } open)
            {
                draft.Put(key, open with { ToldAt = At });
            }
        }
    }
}

/// <summary>
/// The octets of a post or of a copy are kept with the commit that names them, and leave once nothing needs them. For small ones
/// (<see cref="Files.Spool.SmallOctets"/>); others are in a file before.
/// </summary>
/// <param name="Id">The post's identifier, or the copy's.</param>
/// <param name="Octets">All of them.</param>
public sealed record OctetsKept(string Id, ReadOnlyMemory<byte> Octets) : Change
{
    internal override void ApplyTo(Draft draft) => draft.PutNew(new Entry(TableKey.Octets(Id), Octets.ToArray()));
}

/// <summary>Lines to add to a post's history.</summary>
public sealed record TraceAdded(string PostId, ImmutableArray<TraceEvent> Events) : Change
{
    internal override void ApplyTo(Draft draft) => draft.AddTrace(PostId, Events);
}

/// <summary>The way back from a post's copies to the post is kept beside it.</summary>
/// <param name="PostId">The post.</param>
/// <param name="Steps">The way back.</param>
public sealed record UndoKept(string PostId, UndoSteps Steps) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Undo(PostId), Steps);
}
