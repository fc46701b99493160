using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Admin.Queue;

/// <summary>What was made due.</summary>
/// <param name="Destinations">At so many destinations.</param>
/// <param name="Recipients">For so many recipients.</param>
/// <param name="Blocked">Destinations that asked for a rest which still lasts, with when it ends and their words.</param>
public sealed record RetryAnswer(int Destinations, int Recipients, IReadOnlyList<BlockedDestination> Blocked);

/// <summary>A destination to which nothing goes yet, whoever asks.</summary>
/// <param name="Destination">The recipients' domain.</param>
/// <param name="Pace">Until when, and why.</param>
public sealed record BlockedDestination(string Destination, DestinationPace Pace);

/// <summary>Makes what waits due now, and ends pauses of destinations; but not the ten minutes behind 4.7.28 (AUTH-74), nor what holds an announcement back.</summary>
/// <param name="Destination">The recipients' domain; null for all.</param>
public sealed record RetryQueue(string? Destination = null) : UseCase<RetryAnswer>
{
    private const int GroupsInOneChange = 1_000;

    /// <inheritdoc/>
    public override async Task<Outcome<RetryAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var queue = context.Store.Queue;
        string[] destinations = Destination is null ? [.. queue.Summaries().Select(s => s.Destination)] : [Destination.ToLowerInvariant()];
        List<QueuedGroup> groups = [.. destinations.SelectMany(queue.OfDestination)];
        if (groups.Count == 0 && Destination is not null)
        {
            return EmptyQueue.Refuse(Destination);
        }

        var now = context.Time.GetUtcNow();
        List<QueuedGroup> resting = [.. groups.Where(g => g is { IsInFlight: false, NextAttempt: not null })];
        foreach (var some in resting.Chunk(GroupsInOneChange))
        {
            await context.CommitAsync(
                [.. some.GroupBy(g => g.Destination).Select(g => new GroupsHastened(g.Key, [.. g.Select(group => group.Id)], now))], cancellationToken);
        }

        return new RetryAnswer(
            resting.Select(g => g.Destination).Distinct().Count(),
            resting.Sum(g => g.Waiting),
            [.. destinations.Select(d => (Name: d, Pace: context.PaceOf(d))).Where(d => d.Pace?.NotBefore > now).Select(d => new BlockedDestination(d.Name, d.Pace!))]);
    }
}
