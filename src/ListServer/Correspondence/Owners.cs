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
    private readonly string _postmaster;
    private readonly ConcurrentDictionary<string, string[]> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="store">Knows the members.</param>
    /// <param name="postmaster">Reads what is for a list that nobody runs; empty for nobody.</param>
    public Owners(ListStore store, string postmaster)
    {
        (_store, _postmaster) = (store, postmaster);
        _store.Committed += Forget;
    }

    /// <summary>The addresses of its owners and moderators; empty when it has none.</summary>
    public IReadOnlyList<string> Of(MailingList list) => _known.GetOrAdd(list.Address, address =>
        [.. _store.Members(address, null, int.MaxValue).Where(member => member.Role is not MemberRole.Member).Select(member => member.Address)]);

    /// <summary>Who is told what happens to the list; empty when there is nobody.</summary>
    public IReadOnlyList<string> ReadersOf(MailingList list)
    {
        // A list among the owners is no reader: what it was told would come back to it as a post.
        var people = Of(list).Where(address => !IsOurs(address)).ToList();
        return people.Count > 0 || _postmaster.Length == 0 ? people : [_postmaster];
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Committed -= Forget;

    private bool IsOurs(string address) =>
        ListAddress.TryParse(address, name => _store.FindList(name), domain => _store.FindDomain(domain) is not null, out _);

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
