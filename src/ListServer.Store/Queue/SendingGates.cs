using ListServer.Lists.Announcements;

namespace ListServer.Store.Queue;

/// <summary>
/// Announcements that are not over, or of which something is left to settle, the oldest first. Empty where nobody sends any: then
/// asking costs nothing. Not safe for concurrent use.
/// </summary>
internal sealed class SendingGates
{
    private readonly SortedDictionary<string, SendingGate> _gates = new(StringComparer.Ordinal);

    /// <summary>True where nobody sends any.</summary>
    public bool IsEmpty => _gates.Count == 0;

    /// <summary>Posts of stopped announcements that are not settled.</summary>
    public IReadOnlyList<string> Stopped => IsEmpty
        ? []
        : [.. _gates.Where(g => g.Value is { Announcement: { State: AnnouncementState.Stopped, IsSettled: false } }).Select(g => g.Key)];

    /// <summary>True while copies of this announcement may leave.</summary>
    public bool IsSending(string postId) => _gates.GetValueOrDefault(postId)?.Announcement?.State == AnnouncementState.Sending;

    /// <summary>Takes in how an announcement stands.</summary>
    public void Take(Announcement announcement, DateTimeOffset now)
    {
        GateOf(announcement.PostId).Take(announcement, now);
        Forget(announcement.PostId);
    }

    /// <summary>A group is there.</summary>
    public void Enter(GroupState state) => GateOf(state.PostId).Groups++;

    /// <summary>A group is gone.</summary>
    public void Leave(GroupState state)
    {
        GateOf(state.PostId).Groups--;
        Forget(state.PostId);
    }

    public void Add(GroupState state, DateTimeOffset at) => GateOf(state.PostId).Add(state, at);

    public void Remove(GroupState state) => GateOf(state.PostId).Remove(state);

    /// <summary>As <see cref="SendingGate.Take(DateTimeOffset, Predicate{string})"/>, of all.</summary>
    public GroupState? Take(DateTimeOffset now, Predicate<string> mayTake)
    {
        foreach (var gate in _gates.Values)
        {
            if (gate.Take(now, mayTake) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    /// <summary>When a group goes: at its next attempt, but not before its announcement lets it; null when that holds it back.</summary>
    public DateTimeOffset? DueAt(GroupState state) =>
        state.Wave is { } wave ? _gates.GetValueOrDefault(state.PostId)?.DueAt(wave, state.NextAttempt) : state.NextAttempt;

    /// <summary>As <see cref="SendingGate.FirstOf"/>, of all.</summary>
    public DateTimeOffset? FirstOf(Predicate<string> mayTake) => IsEmpty ? null : _gates.Values.Min(g => g.FirstOf(mayTake));

    private SendingGate GateOf(string postId)
    {
        if (!_gates.TryGetValue(postId, out var gate))
        {
            _gates.Add(postId, gate = new SendingGate());
        }

        return gate;
    }

    private void Forget(string postId)
    {
        if (_gates[postId] is { Announcement: null or { State: AnnouncementState.Done } or { IsSettled: true }, Groups: 0 })
        {
            _gates.Remove(postId);
        }
    }
}
