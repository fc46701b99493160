using ListServer.Lists;
using ListServer.Lists.Moderation;
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
/// <param name="TrustAuthor">With an acceptance: the author's next posts need no moderator (LIST-pain-18). For a post with a single author only.</param>
public sealed record DecideHeld(string Id, HeldDecision Decision, string Reason = "", bool TrustAuthor = false) : UseCase<Post>
{
    /// <summary>The posting address of the post's list: a post of another list is not found. Null for any list.</summary>
    public string? List { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<Post>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (HeldPost.Find(context, List, Id, out var refusal) is not { } post)
        {
            return refusal;
        }

        if (Decision == HeldDecision.Accept && context.Store.FindList(post.List) is null)
        {
            return RefusedUseCase.Conflict($"The list {post.List} is gone; the post can be rejected or discarded.");
        }

        if (TrustAuthor && (Decision != HeldDecision.Accept || AuthorAddress.Of(post.Report) is null))
        {
            return RefusedUseCase.Invalid("Only the single author of a post that is accepted can be trusted.");
        }

        var decided = Decided(post, context.Actor);
        await context.CommitAsync([new PostSaved(decided), .. Beside(context, decided)], cancellationToken);
        return decided;
    }

    private Post Decided(Post post, string actor) => Decision switch
    {
        HeldDecision.Accept => post with { State = PostState.Accepted, ApprovedBy = actor },
        HeldDecision.Reject => post with { State = PostState.Rejected, Reason = Reason, RejectedBy = actor },
        _ => post with { State = PostState.Discarded, Reason = Reason },
    };

    private IEnumerable<Change> Beside(AdminContext context, Post decided)
    {
        var (outcome, now) = (decided.State.ToString().ToLowerInvariant(), context.Time.GetUtcNow());
        var detail = $"by {context.Actor}{(TrustAuthor ? ", who trusts the author from now on" : "")}{(Reason.Length > 0 ? ": " + Reason : "")}";
        yield return new TraceAdded(decided.Id, [new TraceEvent(now, TraceStage.Moderation, outcome, detail)]);
        if (TrustAuthor)
        {
            yield return new AuthorRuleSaved(new AuthorRule(
                decided.List, AuthorAddress.Of(decided.Report)!, AuthorAction.Accept, now, $"{context.Actor}, with post {decided.Id}"));
        }
    }
}
