using System.Net;

namespace ListServer.Lists.Membership;

/// <summary>
/// Keeps anyone from filling a stranger's mailbox with our questions (AUTH-97, SEC-26): so many a day to one mailbox, and, where nobody
/// proved to be the one asked, to one domain, from one network, and in all.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ConfirmationLimits(TimeProvider time)
{
    /// <summary>Questions to one mailbox, all its spellings together.</summary>
    public const int PerAddress = 2;

    /// <summary>Questions to one domain that nobody proved to have asked for.</summary>
    public const int PerDomain = 10;

    /// <summary>Questions asked for from one network (IPv4 /24, IPv6 /48), by those who proved nothing.</summary>
    public const int PerNetwork = 20;

    /// <summary>Questions in all that nobody proved to have asked for.</summary>
    public const int InAll = 1_000;

    /// <summary>What "a day" is.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(24);

    private readonly Lock _turn = new();
    private readonly RecentTimes _recent = new(Span);

    /// <summary>True, and counted, when one more question may go to the address.</summary>
    /// <param name="address">Who would be asked.</param>
    /// <param name="client">Where the request came from; null or a loopback address for a place that is not counted.</param>
    /// <param name="isAuthenticated">True when it was certainly the address itself that asked: then only its own cap counts.</param>
    public bool TryTake(string address, IPAddress? client, bool isAuthenticated)
    {
        ArgumentNullException.ThrowIfNull(address);
        var now = time.GetUtcNow();
        var caps = Caps(address, client, isAuthenticated).ToList();
        lock (_turn)
        {
            if (caps.Exists(cap => _recent.Count(cap.Name, now) >= cap.Most))
            {
                return false;
            }

            caps.ForEach(cap => _recent.Add(cap.Name, now));
            return true;
        }
    }

    /// <summary>Counts a question that was asked before this run.</summary>
    public void Remember(string address, DateTimeOffset askedAt)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_turn)
        {
            _recent.Add(MailboxName(address), askedAt);
        }
    }

    private static IEnumerable<(string Name, int Most)> Caps(string address, IPAddress? client, bool isAuthenticated)
    {
        yield return (MailboxName(address), PerAddress);
        if (isAuthenticated)
        {
            yield break;
        }

        yield return ("all", InAll);
        yield return ("domain " + MemberAddress.DomainOf(address), PerDomain);
        if (client is not null && !IPAddress.IsLoopback(client))
        {
            yield return ("network " + ClientNetwork.Of(client), PerNetwork);
        }
    }

    private static string MailboxName(string address) => "mailbox " + FoldedAddress.Of(address);
}
