using System.Net;
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

    private readonly Lock _turn = new();
    private readonly RecentTimes _letters = new(TimeSpan.FromHours(1));

    /// <summary>True, and counted, when one more letter may go to the address.</summary>
    public bool TryTakeLetter(string address, string client)
    {
        var from = IPAddress.TryParse(client, out var parsed) ? parsed : null;
        var (mailbox, network) = ("letter " + FoldedAddress.Of(address), "letters " + (from is null ? client : ClientNetwork.Of(from)));
        var isHere = from is not null && IPAddress.IsLoopback(from);
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
}
