using System.Net;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Tokens;

/// <summary>
/// How often a network may bring tokens that are none (SEC-25: so many a minute and a day; IPv4 /24, IPv6 /48), and how often a token may be used.
/// </summary>
/// <remarks>Safe for concurrent use. What was counted is forgotten at a restart.</remarks>
internal sealed class TokenLimits(TimeProvider time)
{
    public const int FailuresAMinute = 10;
    public const int FailuresADay = 50;
    public const int CallsAMinute = 600;

    private readonly Lock _turn = new();
    private readonly RecentTimes _minute = new(TimeSpan.FromMinutes(1));
    private readonly RecentTimes _day = new(TimeSpan.FromDays(1));

    /// <summary>True when the client's network guessed too often: then even a right token is not looked at.</summary>
    public bool IsLockedOut(string client)
    {
        var (network, now) = (Network(client), time.GetUtcNow());
        lock (_turn)
        {
            return network.Length > 0 && (_minute.Count(network, now) >= FailuresAMinute || _day.Count(network, now) >= FailuresADay);
        }
    }

    /// <summary>Counts a token that is none.</summary>
    public void Fail(string client)
    {
        var (network, now) = (Network(client), time.GetUtcNow());
        if (network.Length > 0)
        {
            lock (_turn)
            {
                _minute.Add(network, now);
                _day.Add(network, now);
            }
        }
    }

    /// <summary>True, and counted, when the token may be used once more.</summary>
    public bool TryCall(string id)
    {
        var (name, now) = ("token " + id, time.GetUtcNow());
        lock (_turn)
        {
            if (_minute.Count(name, now) >= CallsAMinute)
            {
                return false;
            }

            _minute.Add(name, now);
            return true;
        }
    }

    // As with sign-ins: a proxy in front that nobody declared must not lock everybody out.
    private static string Network(string client) =>
        !IPAddress.TryParse(client, out var from) ? "tokens " + client : IPAddress.IsLoopback(from) ? "" : "tokens " + ClientNetwork.Of(from);
}
