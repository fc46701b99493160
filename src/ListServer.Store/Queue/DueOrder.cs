namespace ListServer.Store.Queue;

/// <summary>Groups that nobody has taken, by destination and due time. Not safe for concurrent use.</summary>
internal sealed class DueOrder
{
    private readonly Dictionary<string, SortedSet<Due>> _destinations = [];
    private readonly Dictionary<string, Due> _known = [];
    private readonly SortedSet<(DateTimeOffset At, string Destination)> _heads = [];

    /// <summary>The earliest due time, or null.</summary>
    public DateTimeOffset? First => _heads.Count > 0 ? _heads.Min.At : null;

    /// <summary>The earliest due time of the destinations that the predicate lets through, or null.</summary>
    public DateTimeOffset? FirstOf(Predicate<string> mayTake)
    {
        foreach (var (at, destination) in _heads)
        {
            if (mayTake(destination))
            {
                return at;
            }
        }

        return null;
    }

    public void Add(GroupState state) => Add(state, state.NextAttempt);

    public void Add(GroupState state, DateTimeOffset at)
    {
        if (!_destinations.TryGetValue(state.Destination, out var groups))
        {
            _destinations.Add(state.Destination, groups = []);
        }

        var due = new Due(at, state);
        Rehead(state.Destination, groups, () => groups.Add(due));
        _known.Add(state.Id, due);
    }

    public void Remove(GroupState state)
    {
        if (_known.Remove(state.Id, out var due))
        {
            var groups = _destinations[state.Destination];
            Rehead(state.Destination, groups, () => groups.Remove(due));
        }
    }

    /// <summary>The first due group of each destination, the longest due first.</summary>
    public List<GroupState> Take(DateTimeOffset now, int limit, Predicate<string>? mayTake)
    {
        var destinations = _heads.TakeWhile(h => h.At <= now).Select(h => h.Destination).Where(d => mayTake is null || mayTake(d)).Take(limit).ToList();
        return destinations.ConvertAll(destination => TakeOf(destination, now)!);
    }

    public GroupState? TakeOf(string destination, DateTimeOffset now)
    {
        if (!_destinations.TryGetValue(destination, out var groups) || groups.Min is not { } first || first.At > now)
        {
            return null;
        }

        Remove(first.State);
        return first.State;
    }

    private void Rehead(string destination, SortedSet<Due> groups, Action change)
    {
        if (groups.Min is { } before)
        {
            _heads.Remove((before.At, destination));
        }

        change();
        if (groups.Min is { } after)
        {
            _heads.Add((after.At, destination));
        }
        else
        {
            _destinations.Remove(destination);
        }
    }

    private sealed record Due(DateTimeOffset At, GroupState State) : IComparable<Due>
    {
        public int CompareTo(Due? other)
        {
            var byTime = At.CompareTo(other!.At);
            return byTime != 0 ? byTime : string.CompareOrdinal(State.Id, other.State.Id);
        }
    }
}
