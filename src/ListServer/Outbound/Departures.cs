using System.Collections.Concurrent;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>
/// Knows who left which list lately, so that only they are looked up before a copy leaves: for all others it costs no read of the store.
/// What was queued before this process began is always looked up.
/// </summary>
/// <param name="store">The members.</param>
/// <param name="start">When this process began.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Departures(ListStore store, DateTimeOffset start)
{
    /// <summary>A list that so many left is looked up member by member, rather than that names without end are kept.</summary>
    private const int MostOfList = 10_000;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _lists = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> _lookedUp = new(StringComparer.OrdinalIgnoreCase);
    private int _noticed;

    /// <summary>Changes whenever somebody left: until then, what was asked before still holds.</summary>
    public int Noticed => Volatile.Read(ref _noticed);

    /// <summary>To be told of every commit, by one thread.</summary>
    public void Notice(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case MembersRemoved removed:
                    Note(removed.List, removed.Addresses);
                    break;
                case MembersSaved saved:
                    Note(saved.List, saved.Members.Where(m => !m.IsReceiving).Select(m => m.Address));
                    break;
                case ListRemoved removed:
                    _lookedUp[removed.Address] = 0;
                    Interlocked.Increment(ref _noticed);
                    break;
            }
        }
    }

    /// <summary>True when the recipient of a post's group receives the list no more.</summary>
    public bool Has(QueueGroup group, string address) => IsInQuestion(group, address) && store.FindMember(group.List, address) is not { IsReceiving: true };

    private bool IsInQuestion(QueueGroup group, string address) =>
        group.CreatedAt < start
        || (_lists.TryGetValue(group.List, out var gone) && gone.ContainsKey(address))
        || _lookedUp.ContainsKey(group.List);

    private void Note(string list, IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            var gone = _lists.GetOrAdd(list, _ => new ConcurrentDictionary<string, byte>(StringComparer.OrdinalIgnoreCase));
            gone[address] = 0;
            if (gone.Count > MostOfList)
            {
                _lookedUp[list] = 0;
                gone.Clear();
            }

            Interlocked.Increment(ref _noticed);
        }
    }
}
