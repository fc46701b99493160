using ListServer.Lists;

namespace ListServer.Admin.Queue;

/// <summary>The server's counters.</summary>
/// <param name="Memberships">On all lists.</param>
/// <param name="Held">Posts that wait for a moderator.</param>
/// <param name="Waiting">Mails that wait to be delivered.</param>
public sealed record ServerCounters(long Memberships, long Held, long Waiting);

/// <summary>Counts, and reads no post: pages ask while they are open.</summary>
public sealed record CountServer : Query<ServerCounters>
{
    /// <inheritdoc/>
    protected override Outcome<ServerCounters> Look(AdminContext context)
    {
        var held = context.Store.CountOpenPosts(PostState.Held);
        var lists = context.Store.Lists;
        return new ServerCounters(
            lists.Sum(list => (long)context.Store.CountMembers(list.Address)),
            lists.Sum(list => (long)held.GetValueOrDefault(list.Address)),
            context.Store.Queue.Summaries().Sum(queue => (long)queue.Waiting));
    }
}
