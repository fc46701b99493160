using System.Diagnostics.CodeAnalysis;
using ListServer.Lists.Announcements;
using ListServer.Store.Tables;

namespace ListServer.Store.Queue;

/// <summary>
/// What waits for delivery, by destination and time. Kept in memory without the recipients, which are read when a group is taken.
/// A group changes by <see cref="Changes.PostQueued"/>, <see cref="Changes.GroupProgress"/>, <see cref="Changes.GroupsHastened"/>
/// and <see cref="Changes.RecipientsStopped"/> only. Groups of announcements wait behind their plans, and go when nothing else is due.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It is the mail queue: every mail server calls it so.")]
public sealed class DeliveryQueue
{
    /// <summary>A group that was given back without a report waits so long: a fault in a courier must not become a tight loop.</summary>
    private static readonly TimeSpan UnreportedPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly MergedTable _table;
    private readonly TimeProvider _time;
    private readonly Damage _damage;
    private readonly Dictionary<string, GroupState> _groups = [];
    private readonly HashSet<string> _leased = [];
    private readonly DueOrder _due = new();
    private readonly SendingGates _gates = new();
    private readonly Dictionary<string, int> _references = [];

    internal DeliveryQueue(MergedTable table, TimeProvider time, Damage damage)
    {
        _table = table;
        _time = time;
        _damage = damage;
    }

    /// <summary>How many groups there are, taken ones included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _groups.Count;
            }
        }
    }

    /// <summary>When the next group is due that nobody has taken and whose destination can take it, or null when there is none.</summary>
    /// <param name="mayTake">False for a destination that can take no more now. Must not call the queue.</param>
    public DateTimeOffset? NextDueWhere(Predicate<string> mayTake)
    {
        lock (_gate)
        {
            var (due, gated) = (_due.FirstOf(mayTake), _gates.FirstOf(mayTake));
            return due < gated ? due : gated ?? due;
        }
    }

    /// <summary>Takes due groups, at most one of each destination, the longest due first.</summary>
    /// <param name="limit">How many at the most.</param>
    /// <param name="mayTake">False for a destination that can take no more now; null for all. Must not call the queue.</param>
    /// <returns>Leases, each to be disposed once the attempt has been reported; empty when nothing is due.</returns>
    public IReadOnlyList<GroupLease> TakeDue(int limit, Predicate<string>? mayTake = null)
    {
        List<GroupState> taken;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            taken = _gates.IsEmpty ? _due.Take(now, limit, mayTake) : TakeBoth(now, limit, mayTake);
            _leased.UnionWith(taken.Select(t => t.Id));
        }

        return [.. taken.Select(Lease).OfType<GroupLease>()];
    }

    /// <summary>Takes the longest due group of one destination, for a courier whose connection is open; null when nothing is due there.</summary>
    public GroupLease? TakeDue(string destination)
    {
        GroupState? taken;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            taken = _due.TakeOf(destination, now) ?? _gates.Take(now, d => d == destination);
            if (taken is null)
            {
                return null;
            }

            _leased.Add(taken.Id);
        }

        return Lease(taken);
    }

    /// <summary>Takes one group, due or not; null when somebody has it, or when it is no more.</summary>
    public GroupLease? Take(string groupId)
    {
        GroupState? taken;
        lock (_gate)
        {
            if (!_groups.TryGetValue(groupId, out taken) || !_leased.Add(groupId))
            {
                return null;
            }

            Drop(taken);
        }

        return Lease(taken);
    }

    /// <summary>One line for each destination, the one with the most waiting recipients first.</summary>
    public IReadOnlyList<QueueSummary> Summaries()
    {
        lock (_gate)
        {
            return [.. _groups.Values.GroupBy(g => g.Destination).Select(Summarise).OrderByDescending(s => s.Waiting).ThenBy(s => s.Destination, StringComparer.Ordinal)];
        }
    }

    /// <summary>The groups of one destination, the oldest first.</summary>
    public IReadOnlyList<QueuedGroup> OfDestination(string destination) => Shown(g => string.Equals(g.Destination, destination, StringComparison.OrdinalIgnoreCase));

    /// <summary>The groups of one post, or of what is no post, the oldest first; empty when nothing of it waits.</summary>
    public IReadOnlyList<QueuedGroup> OfPost(string postId) => Shown(g => g.PostId == postId);

    /// <summary>The addresses of a group that wait, in order; empty when it is no more, or can't be read.</summary>
    public IReadOnlyList<string> WaitingIn(string groupId)
    {
        GroupState? state;
        lock (_gate)
        {
            state = _groups.GetValueOrDefault(groupId);
        }

        return state is not null && Read(state) is { } group ? [.. state.Waiting().Select(i => group.Recipients[i].Address)] : [];
    }

    /// <summary>True when a group is one of an announcement that does not send now. Costs nothing for all others.</summary>
    public bool IsHeldBack(QueueGroup group)
    {
        if (group.Wave is null)
        {
            return false;
        }

        lock (_gate)
        {
            return !_gates.IsSending(group.PostId);
        }
    }

    /// <summary>Posts of stopped announcements that are not settled yet.</summary>
    public IReadOnlyList<string> StoppedPosts()
    {
        lock (_gate)
        {
            return _gates.Stopped;
        }
    }

    /// <summary>True while a group needs the octets that stand under this name: its copy, or its post.</summary>
    internal bool Needs(string octetsId)
    {
        lock (_gate)
        {
            return _references.ContainsKey(octetsId);
        }
    }

    /// <summary>Takes in the entry of a group's state. Names whose octets no group needs any more are added to <paramref name="freed"/>.</summary>
    internal void Take(Entry entry, ICollection<string> freed)
    {
        var id = entry.Key[1..];
        var after = entry.IsGone ? null : entry.Read<GroupState>();
        lock (_gate)
        {
            if (_groups.Remove(id, out var before))
            {
                Drop(before);
                Release(before.CopyId, freed);
                Release(before.PostId, freed);
            }

            if (after is not null)
            {
                _groups.Add(id, after);
                Refer(after.CopyId, freed);
                Refer(after.PostId, freed);
                if (!_leased.Contains(id))
                {
                    Add(after, after.NextAttempt);
                }
            }

            NoteGroup(before, after);
        }
    }

    /// <summary>Takes in how an announcement stands.</summary>
    internal void TakeAnnouncement(Entry entry)
    {
        if (!entry.IsGone)
        {
            lock (_gate)
            {
                _gates.Take(entry.Read<Announcement>(), _time.GetUtcNow());
            }
        }
    }

    internal void Return(GroupState leased)
    {
        lock (_gate)
        {
            if (_leased.Remove(leased.Id) && _groups.TryGetValue(leased.Id, out var state))
            {
                var isReported = !ReferenceEquals(leased, state);
                var isHeldBack = state.Wave is not null && !_gates.IsSending(state.PostId);
                Add(state, isReported || isHeldBack ? state.NextAttempt : _time.GetUtcNow() + UnreportedPause);
            }
        }
    }

    private List<QueuedGroup> Shown(Predicate<GroupState> isMeant)
    {
        lock (_gate)
        {
            return [.. _groups.Values.Where(isMeant.Invoke).OrderBy(g => g.Id, StringComparer.Ordinal).Select(g => new QueuedGroup(
                g.Id, g.PostId, g.List, g.Destination, g.CreatedAt, g.ExpiresAt, g.Attempts, _gates.DueAt(g), g.LastReply, g.WaitingCount, _leased.Contains(g.Id)))];
        }
    }

    private QueueSummary Summarise(IGrouping<string, GroupState> groups)
    {
        var last = groups.MaxBy(g => (g.Attempts, g.NextAttempt))!;
        return new QueueSummary(
            groups.Key,
            groups.Count(),
            groups.Sum(g => g.WaitingCount),
            groups.Min(g => g.CreatedAt),
            groups.Min(_gates.DueAt),
            last.Attempts,
            last.LastReply,
            groups.Where(g => _leased.Contains(g.Id)).Sum(g => g.WaitingCount));
    }

    /// <summary>Reads what the state does not hold. A group that can't be read stays out of the way until the next start.</summary>
    private GroupLease? Lease(GroupState state)
    {
        if (Read(state) is { } group)
        {
            return new GroupLease(this, group, state);
        }

        _damage.Report($"Queue group {state.Id} of post {state.PostId} for {state.Destination} can't be read; its {state.WaitingCount} recipients wait until it is mended.");
        return null;
    }

    private QueueGroup? Read(GroupState state) =>
        _table.Find(TableKey.Group(state.Id)) is { } entry && entry.Read<QueueGroup>() is var group && group.Recipients.Length == state.Recipients.Length
            ? group
            : null;

    /// <summary>At most one group of each destination; those of announcements behind all others.</summary>
    private List<GroupState> TakeBoth(DateTimeOffset now, int limit, Predicate<string>? mayTake)
    {
        var taken = _due.Take(now, limit, mayTake);
        while (taken.Count < limit && _gates.Take(now, d => mayTake?.Invoke(d) != false && !taken.Exists(t => t.Destination == d)) is { } gated)
        {
            taken.Add(gated);
        }

        return taken;
    }

    private void Add(GroupState state, DateTimeOffset at)
    {
        if (state.Wave is null)
        {
            _due.Add(state, at);
        }
        else
        {
            _gates.Add(state, at);
        }
    }

    private void Drop(GroupState state)
    {
        if (state.Wave is null)
        {
            _due.Remove(state);
        }
        else
        {
            _gates.Remove(state);
        }
    }

    private void NoteGroup(GroupState? before, GroupState? after)
    {
        if (before is null && after is { Wave: not null })
        {
            _gates.Enter(after);
        }
        else if (before is { Wave: not null } && after is null)
        {
            _gates.Leave(before);
        }
    }

    private void Refer(string octetsId, ICollection<string> freed)
    {
        _references[octetsId] = _references.GetValueOrDefault(octetsId) + 1;
        freed.Remove(octetsId);
    }

    private void Release(string octetsId, ICollection<string> freed)
    {
        if (--_references[octetsId] == 0)
        {
            _references.Remove(octetsId);
            freed.Add(octetsId);
        }
    }
}
