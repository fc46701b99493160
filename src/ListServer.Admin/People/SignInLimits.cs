using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ListServer.Lists.Membership;

namespace ListServer.Admin.People;

/// <summary>
/// How often somebody may ask for a link (SEC-25): so many an hour for one address and for one network (IPv4 /24, IPv6 /48).
/// </summary>
/// <remarks>Safe for concurrent use. What was counted is forgotten at a restart.</remarks>
internal sealed class SignInLimits(TimeProvider time)
{
    public const int LettersAnHour = 5;
    public const int NetworkLettersAnHour = 60;

    private const int SweepAt = 10_000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> _times = [];

    /// <summary>True, and counted, when one more letter may go to the address.</summary>
    public bool TryTakeLetter(string address, string client)
    {
        var (mailbox, network) = ("letter " + FoldedAddress.Of(address), "letters " + Network(client));
        if (Count(mailbox) >= LettersAnHour || (!IsHere(client) && Count(network) >= NetworkLettersAnHour))
        {
            return false;
        }

        Add(mailbox);
        Add(network);
        return true;
    }

    private int Count(string name)
    {
        if (!_times.TryGetValue(name, out var times))
        {
            return 0;
        }

        var now = time.GetUtcNow();
        lock (times)
        {
            while (times.TryPeek(out var first) && first <= now - Hour)
            {
                times.Dequeue();
            }

            return times.Count;
        }
    }

    private void Add(string name)
    {
        var times = _times.GetOrAdd(name, _ => new());
        lock (times)
        {
            times.Enqueue(time.GetUtcNow());
            if (times.Count > SweepAt)
            {
                times.Dequeue();
            }
        }

        if (_times.Count > SweepAt)
        {
            Sweep();
        }
    }

    private void Sweep()
    {
        foreach (var name in _times.Keys.Where(name => Count(name) == 0))
        {
            _times.TryRemove(name, out _);
        }
    }

    private static bool IsHere(string client) => IPAddress.TryParse(client, out var address) && IPAddress.IsLoopback(address);

    private static string Network(string client)
    {
        if (!IPAddress.TryParse(client, out var address))
        {
            return client;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, address.AddressFamily is AddressFamily.InterNetwork ? 3 : 6));
    }
}
