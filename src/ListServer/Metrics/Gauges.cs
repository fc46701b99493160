using System.Diagnostics.Metrics;
using ListServer.Lists;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Metrics;

/// <summary>What is read from the store when somebody asks, and posts, which are counted as they are committed.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly ListStore _store;
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;

    public Gauges(ListStore store, Instruments instruments, Func<DateTimeOffset> certificateExpiry, TimeProvider time)
    {
        (_store, _instruments, _time) = (store, instruments, time);
        store.Committed += Count;
        var meter = instruments.Meter;
        meter.CreateObservableGauge("listserver_queue_recipients", Recipients, null, "Recipients that wait, by state: resting until the next attempt, or in flight.");
        meter.CreateObservableGauge("listserver_queue_oldest_seconds", Oldest, "s", "Since when the oldest copy waits.");
        meter.CreateObservableGauge("listserver_posts_waiting", Posts, null, "Posts that wait, by state: held for a moderator, or accepted and not yet distributed.");
        meter.CreateObservableGauge("listserver_members", () => store.Lists.Sum(list => (long)store.CountMembers(list.Address)), null, "Members of all lists.");
        meter.CreateObservableGauge("listserver_lists", () => store.Lists.Count, null, "Lists.");
        meter.CreateObservableGauge("listserver_tls_expiry_days", () => (certificateExpiry() - time.GetUtcNow()).TotalDays, "d", "Until the certificate for incoming mail expires.");
        meter.CreateObservableGauge("listserver_key_age_days", KeyAges, "d", "Since the key was made that a domain signs with.");
    }

    public void Dispose() => _store.Committed -= Count;

    private void Count(IReadOnlyList<Change> changes)
    {
        foreach (var saved in changes.OfType<PostSaved>())
        {
            _instruments.Post(Word(saved.Post.State));
        }
    }

    private IEnumerable<Measurement<long>> Recipients()
    {
        var queue = _store.Queue.Summaries();
        long inFlight = queue.Sum(q => q.InFlight);
        yield return new(queue.Sum(q => (long)q.Waiting) - inFlight, new KeyValuePair<string, object?>("state", "resting"));
        yield return new(inFlight, new KeyValuePair<string, object?>("state", "in_flight"));
    }

    private double Oldest() => _store.Queue.Summaries() is { Count: > 0 } queue ? (_time.GetUtcNow() - queue.Min(q => q.Oldest)).TotalSeconds : 0;

    private IEnumerable<Measurement<long>> Posts() =>
        new[] { PostState.Held, PostState.Accepted }.Select(state => new Measurement<long>(_store.CountOpenPosts(null, state), new KeyValuePair<string, object?>("state", Word(state))));

    private IEnumerable<Measurement<double>> KeyAges()
    {
        foreach (var domain in _store.Domains)
        {
            if (domain.Selector is { } selector && _store.Keys.MadeAt(domain.Name, selector) is { } made)
            {
                yield return new((_time.GetUtcNow() - made).TotalDays, new("domain", domain.Name), new("selector", selector));
            }
        }
    }

    private static string Word(PostState state) => state.ToString().ToLowerInvariant();
}
