namespace ListServer.Lists.Membership;

/// <summary>Remembers when things happened, by name, for a while. Not safe for concurrent use.</summary>
/// <param name="memory">For how long.</param>
public sealed class RecentTimes(TimeSpan memory)
{
    private const int SweepEvery = 1_000;
    private readonly Dictionary<string, Queue<DateTimeOffset>> _times = [];
    private int _untilSweep = SweepEvery;

    /// <summary>How often it happened within the memory.</summary>
    public int Count(string name, DateTimeOffset now)
    {
        if (!_times.TryGetValue(name, out var times))
        {
            return 0;
        }

        Forget(times, now);
        return times.Count;
    }

    /// <summary>It happened.</summary>
    public void Add(string name, DateTimeOffset at)
    {
        if (!_times.TryGetValue(name, out var times))
        {
            _times[name] = times = new Queue<DateTimeOffset>();
        }

        times.Enqueue(at);
        if (--_untilSweep <= 0)
        {
            Sweep(at);
        }
    }

    /// <summary>One time less: it did not happen after all.</summary>
    public void TakeBack(string name)
    {
        if (_times.TryGetValue(name, out var times))
        {
            times.TryDequeue(out _);
        }
    }

    private void Forget(Queue<DateTimeOffset> times, DateTimeOffset now)
    {
        while (times.TryPeek(out var first) && first <= now - memory)
        {
            times.Dequeue();
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (name, times) in _times)
        {
            Forget(times, now);
            if (times.Count == 0)
            {
                _times.Remove(name);
            }
        }

        _untilSweep = SweepEvery;
    }
}
