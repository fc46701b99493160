using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Admin.Queue;

/// <summary>What was dropped.</summary>
/// <param name="Recipients">Those who get no copy any more.</param>
/// <param name="InFlight">Those of whom it can't be said: their copies are on their way just now.</param>
public sealed record DropAnswer(IReadOnlyList<string> Recipients, int InFlight);

/// <summary>Gives up what waits of one post: those recipients count as stopped: nobody refused them anything.</summary>
/// <param name="PostId">The post, or the identifier of what is no post, as <see cref="ShowQueue"/> names it.</param>
/// <param name="Recipient">One address alone; null for all.</param>
public sealed record DropQueued(string PostId, string? Recipient = null) : UseCase<DropAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<DropAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var queue = context.Store.Queue;
        var groups = queue.OfPost(PostId).Where(g => Recipient is null || queue.WaitingIn(g.Id).Any(IsMeant)).ToList();
        if (groups.Count == 0)
        {
            return context.Store.FindPost(PostId) is { State: PostState.Accepted }
                ? RefusedUseCase.Conflict($"The post {PostId} is not distributed yet; no copies of it wait.")
                : RefusedUseCase.NotFound($"No copy of {PostId} waits{(Recipient is null ? "" : $" for {Recipient}")}. 'listserver queue show' names posts and recipients.");
        }

        // Taken by us, a group is in no courier's hands: nobody is dropped whose copy leaves at the same time.
        List<GroupLease> taken = [.. groups.Select(g => queue.Take(g.Id)).OfType<GroupLease>()];
        try
        {
            var dropped = taken.Select(lease => (Lease: lease, Indices: lease.Waiting.Where(i => IsMeant(lease.Group.Recipients[i].Address)).ToList())).ToList();
            var addresses = dropped.SelectMany(d => d.Indices.Select(i => d.Lease.Group.Recipients[i].Address)).ToList();
            if (addresses.Count > 0)
            {
                await context.CommitAsync([.. dropped.Select(d => Stopped(d.Lease, d.Indices)), .. Trace(addresses, context)], cancellationToken);
            }

            var open = groups.ExceptBy(taken.Select(lease => lease.Group.Id), g => g.Id);
            return new DropAnswer(addresses, Recipient is null ? open.Sum(g => g.Waiting) : open.Count());
        }
        finally
        {
            taken.ForEach(lease => lease.Dispose());
        }
    }

    private bool IsMeant(string address) => Recipient is null || address.Equals(Recipient, StringComparison.OrdinalIgnoreCase);

    private static GroupProgress Stopped(GroupLease lease, List<int> indices) => new(
        lease.Group.Id, [.. indices.Select(i => new RecipientOutcome(i, RecipientState.Stopped))], lease.Attempts, lease.NextAttempt, lease.LastReply);

    private IEnumerable<TraceAdded> Trace(List<string> addresses, AdminContext context) => context.Store.FindPost(PostId) is null
        ? []
        : [new TraceAdded(PostId, [new TraceEvent(context.Time.GetUtcNow(), TraceStage.Delivery, "stopped", $"{string.Join(", ", addresses)}: dropped by {context.Actor}")])];
}
