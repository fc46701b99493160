namespace ListServer.Admin.Queue;

/// <summary>Recipients who wait for a copy of one post.</summary>
/// <param name="PostId">The post, or the identifier of what is no post.</param>
/// <param name="List">Its list.</param>
/// <param name="Since">When it was queued.</param>
/// <param name="ExpiresAt">When it is given up.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAttempt">When it is due; null when its announcement holds it back.</param>
/// <param name="LastReply">The destination's last words; empty before the first attempt.</param>
/// <param name="IsInFlight">True while it is on its way.</param>
/// <param name="Waiting">The addresses.</param>
public sealed record QueuedCopy(
    string PostId,
    string List,
    DateTimeOffset Since,
    DateTimeOffset ExpiresAt,
    int Attempts,
    DateTimeOffset? NextAttempt,
    string LastReply,
    bool IsInFlight,
    IReadOnlyList<string> Waiting);

/// <summary>A destination's queue.</summary>
/// <param name="Summary">All of it.</param>
/// <param name="Copies">The oldest, up to the limit.</param>
public sealed record DestinationQueue(QueueSummary Summary, IReadOnlyList<QueuedCopy> Copies);

/// <summary>Who waits for what at one destination.</summary>
/// <param name="Destination">The recipients' domain.</param>
/// <param name="Limit">The most copies to show; 1 to 1,000.</param>
public sealed record ShowQueue(string Destination, int Limit = 100) : Query<DestinationQueue>
{
    /// <inheritdoc/>
    protected override Outcome<DestinationQueue> Look(AdminContext context)
    {
        if (Limit is < 1 or > 1_000)
        {
            return RefusedUseCase.Invalid("1 to 1,000 copies can be shown.");
        }

        var queue = context.Store.Queue;
        var summary = queue.Summaries().FirstOrDefault(s => s.Destination.Equals(Destination, StringComparison.OrdinalIgnoreCase));
        return summary is null
            ? EmptyQueue.Refuse(Destination)
            : new DestinationQueue(QueueSummary.Of(summary, context), [.. queue.OfDestination(Destination).Take(Limit).Select(group => new QueuedCopy(
                group.PostId,
                group.List,
                group.CreatedAt,
                group.ExpiresAt,
                group.Attempts,
                group.NextAttempt,
                group.LastReply,
                group.IsInFlight,
                queue.WaitingIn(group.Id)))]);
    }
}

internal static class EmptyQueue
{
    public static RefusedUseCase Refuse(string destination) => RefusedUseCase.NotFound($"Nothing waits for {destination}. 'listserver queue' names the destinations.");
}
