using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Tables;

namespace ListServer.Store;

/// <summary>Those who receive a list's posts, grouped for delivery, and those who run it.</summary>
/// <param name="Destinations">One for each domain, sorted by name.</param>
/// <param name="Count">Addresses in all.</param>
/// <param name="GoodUntil">When somebody's pause ends, the first of all; null for nobody's.</param>
public sealed record Roster(ImmutableArray<RosterDestination> Destinations, int Count, DateTimeOffset? GoodUntil = null)
{
    /// <summary>True when members want digests.</summary>
    public bool HasDigests { get; init; }

    /// <summary>True when members want summaries.</summary>
    public bool HasSummaries { get; init; }

    /// <summary>Its owners and moderators, receiving or not.</summary>
    public ImmutableArray<string> Runners { get; init; } = [];

    /// <summary>The roster without some of its addresses, whatever their case.</summary>
    public Roster Without(IReadOnlyCollection<string> addresses)
    {
        var gone = addresses.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var domains = gone.Select(MemberAddress.DomainOf).ToHashSet(StringComparer.Ordinal);
        if (gone.Count == 0 || !Destinations.Any(destination => domains.Contains(destination.Domain)))
        {
            return this;
        }

        ImmutableArray<RosterDestination> kept =
        [
            .. Destinations
                .Select(d => domains.Contains(d.Domain) ? d with { Addresses = [.. d.Addresses.Where(address => !gone.Contains(address))] } : d)
                .Where(d => d.Addresses.Length > 0),
        ];
        return this with { Destinations = kept, Count = kept.Sum(d => d.Addresses.Length) };
    }
}

/// <summary>The receiving members at one domain.</summary>
/// <param name="Domain">Lower-case A-labels.</param>
/// <param name="Addresses">As they were entered.</param>
public sealed record RosterDestination(string Domain, ImmutableArray<string> Addresses);

/// <summary>Rosters that were asked for lately; a change of members, or the end of a pause, makes a list's roster be read again.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class RosterCache(MergedTable table, TimeProvider time)
{
    private const int MaxAddresses = 500_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Roster> _rosters = [];
    private readonly Dictionary<string, long> _versions = [];
    private int _addresses;

    public Roster Get(string list)
    {
        var key = TableKey.Fold(list);
        var now = time.GetUtcNow();
        long version;
        lock (_gate)
        {
            if (_rosters.TryGetValue(key, out var known) && !(known.GoodUntil <= now))
            {
                return known;
            }

            version = _versions.GetValueOrDefault(key);
        }

        var roster = Read(list, now);
        lock (_gate)
        {
            if (version == _versions.GetValueOrDefault(key))
            {
                Keep(key, roster);
            }
        }

        return roster;
    }

    /// <summary>Takes in an entry of a member.</summary>
    public void Take(Entry entry)
    {
        var list = TableKey.ListOf(entry.Key);
        lock (_gate)
        {
            _versions[list] = _versions.GetValueOrDefault(list) + 1;
            Forget(list);
        }
    }

    private void Keep(string key, Roster roster)
    {
        if (_addresses + roster.Count > MaxAddresses)
        {
            _rosters.Clear();
            _addresses = 0;
        }

        Forget(key);
        _rosters[key] = roster;
        _addresses += roster.Count;
    }

    private void Forget(string key)
    {
        if (_rosters.Remove(key, out var roster))
        {
            _addresses -= roster.Count;
        }
    }

    private Roster Read(string list, DateTimeOffset now)
    {
        var domains = new SortedDictionary<string, ImmutableArray<string>.Builder>(StringComparer.Ordinal);
        var count = 0;
        DateTimeOffset? goodUntil = null;
        var (hasDigests, hasSummaries) = (false, false);
        var runners = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in table.Walk(KeyRange.Of(TableKey.Members(list))))
        {
            var member = entry.Read<Member>();
            if (member.Role is not MemberRole.Member)
            {
                runners.Add(member.Address);
            }

            hasDigests |= member is { GetsDigests: true, Delivery: not DeliveryMode.DailySummary };
            hasSummaries |= member is { GetsDigests: true, Delivery: DeliveryMode.DailySummary };
            if (member.GetsCopies && member.IsPaused(now))
            {
                goodUntil = goodUntil < member.PausedUntil ? goodUntil : member.PausedUntil;
            }
            else if (member.GetsCopies)
            {
                var domain = MemberAddress.DomainOf(member.Address);
                if (!domains.TryGetValue(domain, out var addresses))
                {
                    domains.Add(domain, addresses = ImmutableArray.CreateBuilder<string>());
                }

                addresses.Add(member.Address);
                count++;
            }
        }

        return new Roster([.. domains.Select(d => new RosterDestination(d.Key, d.Value.ToImmutable()))], count, goodUntil)
        {
            HasDigests = hasDigests,
            HasSummaries = hasSummaries,
            Runners = runners.ToImmutable(),
        };
    }
}
