using System.Collections.Concurrent;
using ListServer.Lists;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Correspondence;

/// <summary>Who runs a list: looked up once, and again when its members change.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Owners : IDisposable
{
    private readonly ListStore _store;
    private readonly ConcurrentDictionary<string, string[]> _known = new(StringComparer.OrdinalIgnoreCase);

    public Owners(ListStore store)
    {
        _store = store;
        _store.Committed += Forget;
    }

    /// <summary>The addresses of its owners and moderators; empty when it has none.</summary>
    public IReadOnlyList<string> Of(MailingList list) => _known.GetOrAdd(list.Address, address =>
        [.. _store.Members(address, null, int.MaxValue).Where(member => member.Role is not MemberRole.Member).Select(member => member.Address)]);

    /// <inheritdoc/>
    public void Dispose() => _store.Committed -= Forget;

    private void Forget(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change is MembersSaved { List: var saved })
            {
                _known.TryRemove(saved, out _);
            }
            else if (change is MembersRemoved { List: var removed })
            {
                _known.TryRemove(removed, out _);
            }
        }
    }
}
