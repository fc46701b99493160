using System.Collections.Immutable;

namespace ListServer.Store.Tables;

/// <summary>One key and what stands there.</summary>
/// <remarks>Immutable once it is in the table, and safe for concurrent use: octets that two threads make at once are the same.</remarks>
internal sealed class Entry
{
    private readonly object? _record;
    private byte[]? _octets;

    /// <summary>An entry as it was read.</summary>
    /// <param name="key">See <see cref="TableKey"/>; keys sort by their UTF-16 code units.</param>
    /// <param name="octets">Mostly a record in JSON; null: the key is gone.</param>
    public Entry(string key, byte[]? octets) => (Key, _octets) = (key, octets);

    private Entry(string key, object record) => (Key, _record) = (key, record);

    public string Key { get; }

    /// <summary>True when the key is gone.</summary>
    public bool IsGone => _record is null && _octets is null;

    /// <summary>True when LiteDB never saw the key: once it is gone, LiteDB need not hear of it.</summary>
    /// <remarks>Set before anybody else sees the entry.</remarks>
    public bool IsNew { get; set; }

    /// <summary>Octets, mostly a record in JSON, or null: the key is gone.</summary>
    public byte[]? Value => _octets ??= _record is null ? null : StoreJson.Write(_record);

    /// <summary>
    /// An entry that stays the record it is until somebody wants its octets: where a delivery is over before the entry would have reached
    /// LiteDB, it is never written nor read again. For records of values only, that hold no memory of others.
    /// </summary>
    public static Entry Of<T>(string key, T record)
        where T : class => new(key, record);

    /// <summary>The record.</summary>
    /// <exception cref="System.Text.Json.JsonException">The octets are not a <typeparamref name="T"/>.</exception>
    public T Read<T>() => _record is T record ? record : StoreJson.Read<T>(Value);
}

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

    /// <summary>The last entry whose key begins so, or null.</summary>
    public static Entry? Last(this ImmutableSortedSet<Entry> layer, string prefix) =>
        PositionOf(layer, KeyRange.Of(prefix).To) is > 0 and var end && layer[end - 1] is var last && last.Key.StartsWith(prefix, StringComparison.Ordinal) ? last : null;

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
