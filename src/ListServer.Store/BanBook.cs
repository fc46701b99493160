using System.Collections.Immutable;
using ListServer.Lists.Membership;
using ListServer.Store.Tables;

namespace ListServer.Store;

/// <summary>Bans in memory, by list and pattern: each post and each who joins is held against them.</summary>
/// <remarks>The commit thread changes it; any thread reads.</remarks>
internal sealed class BanBook
{
    private volatile ImmutableDictionary<string, ImmutableSortedDictionary<string, Ban>> _bans = ImmutableDictionary<string, ImmutableSortedDictionary<string, Ban>>.Empty;

    /// <summary>Those on one list, or with an empty name those on all, by pattern.</summary>
    public IEnumerable<Ban> Of(string list) => _bans.TryGetValue(TableKey.Fold(list), out var bans) ? bans.Values : [];

    /// <summary>Takes in an entry of a ban.</summary>
    public void Take(Entry entry)
    {
        var list = TableKey.ListOf(entry.Key);
        var bans = _bans.GetValueOrDefault(list) ?? ImmutableSortedDictionary.Create<string, Ban>(StringComparer.Ordinal);
        bans = entry.IsGone ? bans.Remove(entry.Key) : bans.SetItem(entry.Key, entry.Read<Ban>());
        _bans = bans.IsEmpty ? _bans.Remove(list) : _bans.SetItem(list, bans);
    }
}
