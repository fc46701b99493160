using System.Collections.Immutable;

namespace ListServer.Store.Tables;

/// <summary>One key and its octets.</summary>
/// <param name="Key">See <see cref="TableKey"/>; keys sort by their UTF-16 code units.</param>
/// <param name="Value">A record in JSON, or null: the key is gone.</param>
internal sealed record Entry(string Key, byte[]? Value);

/// <summary>Entries sorted by key, each key at most once.</summary>
internal static class Layer
{
    public static readonly ImmutableSortedSet<Entry> Empty =
        ImmutableSortedSet.Create<Entry>(Comparer<Entry>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key)));

    public static bool TryFind(this ImmutableSortedSet<Entry> layer, string key, out Entry entry) =>
        layer.TryGetValue(new Entry(key, null), out entry!);

    public static void Put(this ImmutableSortedSet<Entry>.Builder layer, Entry entry)
    {
        if (!layer.Add(entry))
        {
            layer.Remove(entry);
            layer.Add(entry);
        }
    }

    /// <summary>The first entries of the range, or with <paramref name="descending"/> the last ones from the end.</summary>
    public static IEnumerable<Entry> In(this ImmutableSortedSet<Entry> layer, KeyRange range, bool descending)
    {
        var from = PositionOf(layer, range.From);
        var to = PositionOf(layer, range.To);
        for (var i = 0; i < to - from; i++)
        {
            yield return layer[descending ? to - 1 - i : from + i];
        }
    }

    private static int PositionOf(ImmutableSortedSet<Entry> layer, string key)
    {
        var index = layer.IndexOf(new Entry(key, null));
        return index < 0 ? ~index : index;
    }
}

/// <summary>The keys from <paramref name="From"/> up to but not including <paramref name="To"/>.</summary>
internal readonly record struct KeyRange(string From, string To)
{
    /// <summary>All keys that begin so.</summary>
    public static KeyRange Of(string prefix) => new(prefix, prefix + '\uffff');

    /// <summary>What remains of the range behind a key, in the direction of reading.</summary>
    public KeyRange Behind(string key, bool descending) => descending ? this with { To = key } : this with { From = key + '\0' };
}
