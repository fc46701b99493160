using System.Net;
using ListServer.Lists.Membership;

namespace ListServer.Admin.People;

/// <summary>
/// How often somebody may ask for a link, and try a password (SEC-25): so many for one address and for one network (IPv4 /24, IPv6 /48).
/// </summary>
/// <remarks>Safe for concurrent use. What was counted is forgotten at a restart.</remarks>
internal sealed class SignInLimits(TimeProvider time)
{
    public const int LettersAnHour = 5;
    public const int NetworkLettersAnHour = 60;
    public const int FailuresAMinute = 10;
    public const int FailuresADay = 50;

    private readonly Lock _turn = new();
    private readonly RecentTimes _letters = new(TimeSpan.FromHours(1));
    private readonly RecentTimes _lastMinute = new(TimeSpan.FromMinutes(1));
    private readonly RecentTimes _lastDay = new(TimeSpan.FromDays(1));

    /// <summary>True, and counted, when one more letter may go to the address.</summary>
    public bool TryTakeLetter(string address, string client)
    {
        var (mailbox, network, isHere) = Names(address, client);
        var now = time.GetUtcNow();
        lock (_turn)
        {
            if (_letters.Count(mailbox, now) >= LettersAnHour || (!isHere && _letters.Count(network, now) >= NetworkLettersAnHour))
            {
                return false;
            }

            _letters.Add(mailbox, now);
            _letters.Add(network, now);
            return true;
        }
    }

    /// <summary>
    /// True when one more password may be tried. It counts as failed until <see cref="Succeed"/> says otherwise: any number that come at once are no more tries.
    /// </summary>
    public bool TryTakeTry(string address, string client)
    {
        var (mailbox, network, isHere) = Names(address, client);
        var now = time.GetUtcNow();
        lock (_turn)
        {
            if (IsShut(mailbox, now) || (!isHere && IsShut(network, now)))
            {
                return false;
            }

            Array.ForEach([mailbox, network], name =>
            {
                _lastMinute.Add(name, now);
                _lastDay.Add(name, now);
            });
            return true;
        }
    }

    /// <summary>The password was right.</summary>
    public void Succeed(string address, string client)
    {
        var (mailbox, network, _) = Names(address, client);
        lock (_turn)
        {
            Array.ForEach([mailbox, network], name =>
            {
                _lastMinute.TakeBack(name);
                _lastDay.TakeBack(name);
            });
        }
    }

    private bool IsShut(string name, DateTimeOffset now) => _lastMinute.Count(name, now) >= FailuresAMinute || _lastDay.Count(name, now) >= FailuresADay;

    // A proxy on this machine that is not trusted stands for everybody.
    private static (string Mailbox, string Network, bool IsHere) Names(string address, string client)
    {
        var from = IPAddress.TryParse(client, out var parsed) ? parsed : null;
        return ("address " + FoldedAddress.Of(address), "network " + (from is null ? client : ClientNetwork.Of(from)), from is not null && IPAddress.IsLoopback(from));
    }
}
