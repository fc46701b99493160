using System.Collections.Concurrent;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>
/// Knows which lists somebody left lately, so that only groups queued before that are held against the members: for all others a copy
/// costs no look-up. What was queued before this process began is always looked up.
/// </summary>
/// <param name="store">The members.</param>
/// <param name="start">When this process began.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Departures(ListStore store, DateTimeOffset start)
{
    private readonly ConcurrentDictionary<string, byte> _lists = new(StringComparer.OrdinalIgnoreCase);
    private int _noticed;

    /// <summary>Changes whenever somebody left: until then, what was asked before still holds.</summary>
    public int Noticed => Volatile.Read(ref _noticed);

    /// <summary>To be told of every commit.</summary>
    public void Notice(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            var list = change switch
            {
                MembersRemoved removed => removed.List,
                MembersSaved saved when saved.Members.Any(m => !m.IsReceiving) => saved.List,
                ListRemoved removed => removed.Address,
                _ => null,
            };
            if (list is not null)
            {
                _lists[list] = 0;
                Interlocked.Increment(ref _noticed);
            }
        }
    }

    /// <summary>True when the recipient of a post's group receives the list no more.</summary>
    public bool Has(QueueGroup group, string address) =>
        (group.CreatedAt < start || _lists.ContainsKey(group.List)) && store.FindMember(group.List, address) is not { IsReceiving: true };
}
