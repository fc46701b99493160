using System.Collections.Immutable;
using ListServer.Lists.Digests;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A post waits for the next digest. Comes with <see cref="PostQueued"/>.</summary>
/// <param name="Post">The post.</param>
public sealed record DigestDue(DigestPost Post) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.DigestPost(Post.List, Post.PostId), Post);
}

/// <summary>
/// A digest or a summary was made of these posts. Comes with <see cref="MailQueued"/>, in one commit: each post is in one issue, whatever crashes.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="PostIds">The posts; one that is in an issue already is a contradiction.</param>
/// <param name="IsSummary">True for a summary.</param>
/// <param name="Number">The digest's number; null for a summary, and where nobody reads digests any more.</param>
public sealed record DigestIssued(string List, ImmutableArray<string> PostIds, bool IsSummary, DigestNumber? Number) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var id in PostIds)
        {
            var key = TableKey.DigestPost(List, id);
            if (draft.Find<DigestPost>(key) is not { } post || !(IsSummary ? post.ForSummary : post.ForDigest))
            {
                throw new InvalidOperationException($"Post {id} waits for no {(IsSummary ? "summary" : "digest")} of {List}.");
            }

            post = IsSummary ? post with { ForSummary = false } : post with { ForDigest = false };
            if (post.ForDigest || post.ForSummary)
            {
                draft.Put(key, post);
            }
            else
            {
                draft.Remove(key);
            }
        }

        if (Number is not null)
        {
            draft.Put(TableKey.LastDigest(List), Number);
        }
    }
}
