using ListServer.Lists;

namespace ListServer.Admin.Posts;

/// <summary>How far a post's copies got. Delivered means accepted by the recipient's provider.</summary>
/// <param name="Recipients">All; the others add up to it.</param>
/// <param name="Delivered">Accepted by their providers.</param>
/// <param name="Refused">Refused for good.</param>
/// <param name="Expired">Given up.</param>
/// <param name="Waiting">Still to be tried.</param>
/// <param name="Withdrawn">Left the list before it was sent to them.</param>
/// <param name="Stopped">Not sent, because it was dropped, or the announcement was stopped.</param>
public sealed record DeliveryCount(int Recipients, int Delivered, int Refused, int Expired, int Waiting, int Withdrawn = 0, int Stopped = 0);

/// <summary>A post and its history.</summary>
/// <param name="Post">The post as it stands.</param>
/// <param name="Events">Oldest first.</param>
/// <param name="Deliveries">How far its copies got; null before it is distributed.</param>
public sealed record PostTrace(Post Post, IReadOnlyList<TraceEvent> Events, DeliveryCount? Deliveries);

/// <summary>What happened to a post, stage by stage.</summary>
/// <param name="Id">The post's ID, or its Message-ID with or without angle brackets.</param>
public sealed record ShowTrace(string Id) : Query<PostTrace>
{
    /// <inheritdoc/>
    protected override Outcome<PostTrace> Look(AdminContext context)
    {
        if (Find(context) is not { } post)
        {
            return RefusedUseCase.NotFound($"There is no post {Id}. 'listserver trace' names the latest.");
        }

        // The count before the lines: what it counts as settled is then told in them.
        var count = context.Store.FindTally(post.Id) is { } tally
            ? new DeliveryCount(tally.Recipients, tally.Delivered, tally.Refused, tally.Expired, tally.Waiting, tally.Withdrawn, tally.Stopped)
            : null;
        return new PostTrace(post, context.Store.Trace(post.Id), count);
    }

    private Post? Find(AdminContext context) =>
        context.Store.FindPost(Id)
        ?? context.Store.Lists.Select(list => context.Store.FindRecentPost(list.Address, $"<{Id.Trim('<', '>')}>")).FirstOrDefault(post => post is not null);
}
