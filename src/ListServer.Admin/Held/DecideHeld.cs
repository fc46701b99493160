using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Held;

/// <summary>What a moderator decides.</summary>
public enum HeldDecision
{
    /// <summary>It goes to the list; an unverified author then leaves under the moderator's responsibility (AUTH-70).</summary>
    Accept,

    /// <summary>It is refused, and an authenticated author is told.</summary>
    Reject,

    /// <summary>It is dropped without a word.</summary>
    Discard,
}

/// <summary>Decides about a held post. The flow notices and distributes it, or tells the author.</summary>
/// <param name="Id">The post's ID.</param>
/// <param name="Decision">What is decided.</param>
/// <param name="Reason">Words for the author and the record; may be empty.</param>
public sealed record DecideHeld(string Id, HeldDecision Decision, string Reason = "") : UseCase<Post>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Post>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var post = context.Store.FindPost(Id);
        if (post is not { State: PostState.Held })
        {
            return HeldPost.Refuse(Id, post);
        }

        if (Decision == HeldDecision.Accept && context.Store.FindList(post.List) is null)
        {
            return RefusedUseCase.Conflict($"The list {post.List} is gone; the post can be rejected or discarded.");
        }

        var decided = Decision switch
        {
            HeldDecision.Accept => post with { State = PostState.Accepted, ApprovedBy = context.Actor },
            HeldDecision.Reject => post with { State = PostState.Rejected, Reason = Reason, RejectedBy = context.Actor },
            _ => post with { State = PostState.Discarded, Reason = Reason },
        };
        var outcome = Decision switch
        {
            HeldDecision.Accept => "accepted",
            HeldDecision.Reject => "rejected",
            _ => "discarded",
        };
        var trace = new TraceEvent(
            context.Time.GetUtcNow(), TraceStage.Moderation, outcome, $"by {context.Actor}{(Reason.Length > 0 ? ": " + Reason : "")}");
        await context.Store.CommitAsync([new PostSaved(decided), new TraceAdded(post.Id, [trace])], cancellationToken);
        return decided;
    }
}
