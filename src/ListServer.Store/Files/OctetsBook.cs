using System.Collections.Concurrent;
using ListServer.Store.Tables;

namespace ListServer.Store.Files;

/// <summary>
/// Which octets stand in the table. Small ones do, as they came with the commit that names them: a file of their own, with its syncs, its
/// renaming and its removal, cost more than all else that is done with a small post.
/// </summary>
/// <remarks>Safe for concurrent use; changed by the commit thread.</remarks>
internal sealed class OctetsBook(MergedTable table)
{
    private readonly ConcurrentDictionary<string, bool> _ids = new(StringComparer.Ordinal);

    /// <summary>The names of all.</summary>
    public IEnumerable<string> Names => _ids.Keys;

    public bool Contains(string id) => _ids.ContainsKey(id);

    /// <summary>The octets that stand under a name, or null.</summary>
    public byte[]? Find(string id) => Contains(id) ? table.Find(TableKey.Octets(id))?.Value : null;

    /// <summary>Takes in an entry. Octets that nothing turns out to need are freed with the others.</summary>
    public void Take(Entry entry, ICollection<string> freed)
    {
        var id = entry.Key[1..];
        if (!entry.IsGone)
        {
            _ids[id] = true;
            freed.Add(id);
        }
    }

    /// <summary>Removes those of the names that stand in the table; answers which. After a crash the start removes them again.</summary>
    public IReadOnlyCollection<string> Remove(IEnumerable<string> ids)
    {
        var removed = ids.Where(id => _ids.TryRemove(id, out _)).ToList();
        if (removed.Count > 0)
        {
            table.Add(removed.ConvertAll(id => new Entry(TableKey.Octets(id), null)), table.Sequence);
        }

        return removed;
    }
}
