namespace ListServer.Admin.Posts;

/// <summary>What waits for one destination.</summary>
/// <param name="Destination">The recipients' domain.</param>
/// <param name="Waiting">Recipients that wait.</param>
/// <param name="Oldest">Since when the oldest waits.</param>
/// <param name="NextAttempt">When the next attempt is due.</param>
/// <param name="LastReply">The destination's last words; empty before the first attempt.</param>
public sealed record QueueSummary(string Destination, int Waiting, DateTimeOffset Oldest, DateTimeOffset NextAttempt, string LastReply);

/// <summary>What waits to be delivered, the oldest first.</summary>
public sealed record BrowseQueue : Query<IReadOnlyList<QueueSummary>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<QueueSummary>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<QueueSummary>>(
            [.. context.Store.Queue.Summaries()
                .Select(queue => new QueueSummary(queue.Destination, queue.Waiting, queue.Oldest, queue.NextAttempt, queue.LastReply))
                .OrderBy(queue => queue.Oldest)]);
}
