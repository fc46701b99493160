using System.Collections.Immutable;

namespace ListServer.Store.Queue;

/// <summary>A group in the hands of one courier: nobody else gets it until this is disposed.</summary>
/// <remarks>Report the attempt (<see cref="Changes.GroupProgress"/>) before disposing; without a report the group is due again a minute later.</remarks>
public sealed class GroupLease : IDisposable
{
    private readonly DeliveryQueue _queue;
    private readonly GroupState _state;

    internal GroupLease(DeliveryQueue queue, QueueGroup group, GroupState state)
    {
        _queue = queue;
        _state = state;
        Group = group;
        Waiting = state.Waiting();
    }

    /// <summary>The group as it was queued.</summary>
    public QueueGroup Group { get; }

    /// <summary>Positions in <see cref="QueueGroup.Recipients"/> of those to try, in order.</summary>
    public ImmutableArray<int> Waiting { get; }

    /// <summary>How often it was tried before.</summary>
    public int Attempts => _state.Attempts;

    /// <summary>What the other side said last; may be empty.</summary>
    public string LastReply => _state.LastReply;

    /// <inheritdoc/>
    public void Dispose() => _queue.Return(_state);
}

/// <summary>How the queue stands for one destination.</summary>
/// <param name="Destination">The domain.</param>
/// <param name="Groups">Copies that wait there.</param>
/// <param name="Waiting">Recipients that wait there.</param>
/// <param name="Oldest">When the oldest of them was queued.</param>
/// <param name="NextAttempt">When the first of them is due.</param>
/// <param name="Attempts">How often the most tried of them was tried.</param>
/// <param name="LastReply">What the other side said to that one; may be empty.</param>
public sealed record QueueSummary(
    string Destination,
    int Groups,
    int Waiting,
    DateTimeOffset Oldest,
    DateTimeOffset NextAttempt,
    int Attempts,
    string LastReply);
