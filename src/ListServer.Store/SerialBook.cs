using ListServer.Store.Changes;
using ListServer.Store.Tables;

namespace ListServer.Store;

/// <summary>
/// Hands out serial numbers. A number is used for good by <see cref="PostQueued"/> only; until then it is reserved in memory, so that
/// a distribution that a crash cut short takes no number with it, and none is given twice.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SerialBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SerialCount> _used = [];
    private readonly Dictionary<string, (string List, long Serial)> _reserved = [];

    /// <summary>The lowest number of the list that is neither used nor reserved; the same again for the same post.</summary>
    public long Reserve(string list, string postId)
    {
        var key = TableKey.Fold(list);
        lock (_gate)
        {
            if (_reserved.TryGetValue(postId, out var known))
            {
                return known.Serial;
            }

            var serial = Lowest(key);
            _reserved.Add(postId, (key, serial));
            return serial;
        }
    }

    /// <summary>The number that the list's next post would get; it stays free.</summary>
    public long Next(string list)
    {
        lock (_gate)
        {
            return Lowest(TableKey.Fold(list));
        }
    }

    /// <summary>Takes in what a commit wrote, all at once: a reservation ends in the same moment in which its number becomes used.</summary>
    public void Take(IReadOnlyCollection<Entry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (entry.Key[0] == TableKey.SerialKind)
                {
                    TakeCount(entry);
                }
                else if (entry.Key[0] == TableKey.OpenPostKind && entry.IsGone)
                {
                    _reserved.Remove(entry.Key[1..]);
                }
            }
        }
    }

    private long Lowest(string key)
    {
        var used = _used.GetValueOrDefault(key, SerialCount.None);
        var taken = _reserved.Values.Where(r => r.List == key).Select(r => r.Serial).ToHashSet();
        var serial = used.Holes.Order().Cast<long?>().FirstOrDefault(hole => !taken.Contains(hole!.Value)) ?? used.Next;
        while (taken.Contains(serial))
        {
            serial++;
        }

        return serial;
    }

    private void TakeCount(Entry entry)
    {
        if (entry.IsGone)
        {
            _used.Remove(entry.Key[1..]);
        }
        else
        {
            _used[entry.Key[1..]] = entry.Read<SerialCount>();
        }
    }
}
