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

    /// <summary>When it was due.</summary>
    public DateTimeOffset NextAttempt => _state.NextAttempt;

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
/// <param name="NextAttempt">When the first of them is due; null when announcements hold all of them back.</param>
/// <param name="Attempts">How often the most tried of them was tried.</param>
/// <param name="LastReply">What the other side said to that one; may be empty.</param>
/// <param name="InFlight">Those of the waiting whose copies a courier has in hand.</param>
public sealed record QueueSummary(
    string Destination,
    int Groups,
    int Waiting,
    DateTimeOffset Oldest,
    DateTimeOffset? NextAttempt,
    int Attempts,
    string LastReply,
    int InFlight = 0);

/// <summary>How one group stands.</summary>
/// <param name="Id">The group.</param>
/// <param name="PostId">Its post; the identifier of its octets for what is no post.</param>
/// <param name="List">Its list.</param>
/// <param name="Destination">The recipients' domain.</param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="ExpiresAt">When it is given up.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAttempt">When it is due; null when its announcement holds it back.</param>
/// <param name="LastReply">What the other side said last; may be empty.</param>
/// <param name="Waiting">How many of its recipients wait.</param>
/// <param name="IsInFlight">True while a courier has it in hand.</param>
public sealed record QueuedGroup(
    string Id,
    string PostId,
    string List,
    string Destination,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    int Attempts,
    DateTimeOffset? NextAttempt,
    string LastReply,
    int Waiting,
    bool IsInFlight);
