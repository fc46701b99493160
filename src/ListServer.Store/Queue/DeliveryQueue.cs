using System.Diagnostics.CodeAnalysis;
using ListServer.Store.Tables;

namespace ListServer.Store.Queue;

/// <summary>
/// What waits for delivery, by destination and time. Kept in memory without the recipients, which are read when a group is taken.
/// A group changes by <see cref="Changes.PostQueued"/> and <see cref="Changes.GroupProgress"/> only.
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
    private readonly Dictionary<string, int> _references = [];
    private TaskCompletionSource? _changed;

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

    /// <summary>When the next group that nobody has taken is due, or null when there is none.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _due.First;
            }
        }
    }

    /// <summary>When the next group is due that nobody has taken and whose destination can take it, or null when there is none.</summary>
    /// <param name="mayTake">False for a destination that can take no more now. Must not call the queue.</param>
    public DateTimeOffset? NextDueWhere(Predicate<string> mayTake)
    {
        lock (_gate)
        {
            return _due.FirstOf(mayTake);
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
            taken = _due.Take(_time.GetUtcNow(), limit, mayTake);
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
            taken = _due.TakeOf(destination, _time.GetUtcNow());
            if (taken is null)
            {
                return null;
            }

            _leased.Add(taken.Id);
        }

        return Lease(taken);
    }

    /// <summary>Completes when a group is due, at once if one is.</summary>
    public async Task WaitForDueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            DateTimeOffset? next;
            lock (_gate)
            {
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                next = _due.First;
            }

            var now = _time.GetUtcNow();
            if (next <= now)
            {
                return;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pause = next is { } at ? Task.Delay(Shortest(at - now), _time, stop.Token) : Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
            await Task.WhenAny(changed, pause);
            await stop.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>One line for each destination, the one with the most waiting recipients first.</summary>
    public IReadOnlyList<QueueSummary> Summaries()
    {
        lock (_gate)
        {
            return [.. _groups.Values.GroupBy(g => g.Destination).Select(Summarise).OrderByDescending(s => s.Waiting).ThenBy(s => s.Destination, StringComparer.Ordinal)];
        }
    }

    /// <summary>How the groups of a post stand; empty when none of them waits.</summary>
    public IReadOnlyList<QueueSummary> SummariesOf(string postId)
    {
        lock (_gate)
        {
            return [.. _groups.Values.Where(g => g.PostId == postId).GroupBy(g => g.Destination).Select(Summarise)];
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
        var after = entry.Value is null ? null : StoreJson.Read<GroupState>(entry.Value);
        lock (_gate)
        {
            if (_groups.Remove(id, out var before))
            {
                _due.Remove(before);
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
                    _due.Add(after);
                }
            }

            Signal();
        }
    }

    internal void Return(GroupState leased)
    {
        lock (_gate)
        {
            if (_leased.Remove(leased.Id) && _groups.TryGetValue(leased.Id, out var state))
            {
                var isReported = !ReferenceEquals(leased, state);
                _due.Add(state, isReported ? state.NextAttempt : _time.GetUtcNow() + UnreportedPause);
                Signal();
            }
        }
    }

    private static TimeSpan Shortest(TimeSpan pause) => pause < TimeSpan.FromDays(1) ? pause : TimeSpan.FromDays(1);

    private static QueueSummary Summarise(IGrouping<string, GroupState> groups)
    {
        var last = groups.MaxBy(g => (g.Attempts, g.NextAttempt))!;
        return new QueueSummary(
            groups.Key,
            groups.Count(),
            groups.Sum(g => g.WaitingCount),
            groups.Min(g => g.CreatedAt),
            groups.Min(g => g.NextAttempt),
            last.Attempts,
            last.LastReply);
    }

    /// <summary>Reads what the state does not hold. A group that can't be read stays out of the way until the next start.</summary>
    private GroupLease? Lease(GroupState state)
    {
        if (_table.Find(TableKey.Group(state.Id)) is { } octets
            && StoreJson.Read<QueueGroup>(octets) is var group
            && group.Recipients.Length == state.Recipients.Length)
        {
            return new GroupLease(this, group, state);
        }

        _damage.Report($"Queue group {state.Id} of post {state.PostId} for {state.Destination} can't be read; its {state.WaitingCount} recipients wait until it is mended.");
        return null;
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

    private void Signal()
    {
        _changed?.SetResult();
        _changed = null;
    }
}
