using System.Net;
using ListServer.Store;

namespace ListServer.Reception;

/// <summary>Checks passwords for submission, ever more slowly for those who guess (SEC-25).</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class AccountDoor(ListStore store, TimeProvider time)
{
    private const int FailuresPerMinute = 10;
    private const int FailuresPerDay = 50;
    private const int MostRemembered = 10_000;

    // Checked when nobody has the name, so that an unknown name takes as long as a wrong password.
    private static readonly Account Nobody = new("", Account.HashPassword(Guid.NewGuid().ToString()), []);

    private readonly Lock _counting = new();
    private readonly Dictionary<string, Failures> _failures = [];

    /// <summary>True when the password is that of the account, and neither name nor client has failed too often.</summary>
    public bool OpensFor(string name, string password, IPAddress client)
    {
        string[] suspects = ["name " + name.ToUpperInvariant(), "client " + client];
        if (suspects.Any(IsShut))
        {
            return false;
        }

        var account = store.FindAccount(name);
        if ((account ?? Nobody).HasPassword(password) && account is not null)
        {
            return true;
        }

        Array.ForEach(suspects, Count);
        return false;
    }

    private bool IsShut(string suspect)
    {
        lock (_counting)
        {
            return _failures.TryGetValue(suspect, out var failures)
                && (failures.LastMinute(time) >= FailuresPerMinute || failures.LastDay(time) >= FailuresPerDay);
        }
    }

    private void Count(string suspect)
    {
        lock (_counting)
        {
            if (_failures.Count >= MostRemembered)
            {
                // Those with the least behind them are forgotten first, so that a flood of names can't wash out one that is being guessed.
                foreach (var (old, _) in _failures.OrderBy(pair => pair.Value.LastDay(time)).Take(MostRemembered / 2).ToList())
                {
                    _failures.Remove(old);
                }
            }

            if (!_failures.TryGetValue(suspect, out var failures))
            {
                _failures[suspect] = failures = new Failures();
            }

            failures.Add(time);
        }
    }

    private sealed class Failures
    {
        private readonly Queue<DateTimeOffset> _times = new();

        public void Add(TimeProvider time)
        {
            _times.Enqueue(time.GetUtcNow());
            while (_times.Count > FailuresPerDay)
            {
                _times.Dequeue();
            }
        }

        public int LastMinute(TimeProvider time) => Since(time.GetUtcNow().AddMinutes(-1));

        public int LastDay(TimeProvider time) => Since(time.GetUtcNow().AddDays(-1));

        private int Since(DateTimeOffset start) => _times.Count(at => at > start);
    }
}
