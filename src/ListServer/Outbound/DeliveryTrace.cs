using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>Gathers posts' histories of delivery: one line for all recipients to whom the same thing happened in one transaction.</summary>
/// <remarks>For one courier.</remarks>
internal sealed class DeliveryTrace
{
    /// <summary>Who waits is named up to here only: they are named again when their wait ends.</summary>
    private const int NamedWhileWaiting = 10;

    private readonly Dictionary<(string PostId, Outcome Outcome, RecipientState State), Entry> _lines = [];

    /// <summary>How many lines there are.</summary>
    public int Count => _lines.Count;

    /// <summary>Adds a recipient.</summary>
    public void Add(Addressee addressee, Outcome outcome, RecipientState state, DateTimeOffset now, string? session)
    {
        var key = (addressee.Attempt.Group.PostId, outcome, state);
        if (!_lines.TryGetValue(key, out var entry))
        {
            _lines.Add(key, entry = new Entry(now, session, []));
        }

        entry.Addresses.Add(addressee.Recipient.Address);
    }

    /// <summary>The lines so far, a change for each post; then there are none.</summary>
    public List<TraceAdded> Take()
    {
        var changes = _lines.GroupBy(l => l.Key.PostId)
            .Select(post => new TraceAdded(post.Key, [.. post.Select(l => Line(l.Key.Outcome, l.Key.State, l.Value))])).ToList();
        _lines.Clear();
        return changes;
    }

    private static TraceEvent Line(Outcome outcome, RecipientState state, Entry entry)
    {
        var (word, most) = state switch
        {
            RecipientState.Delivered => ("delivered", int.MaxValue),
            RecipientState.Refused => ("refused", int.MaxValue),
            RecipientState.Expired => ("expired", int.MaxValue),
            RecipientState.Withdrawn => ("withdrawn", int.MaxValue),
            _ => ("deferred", NamedWhileWaiting),
        };
        var names = string.Join(", ", entry.Addresses.Take(most)) + (entry.Addresses.Count > most ? $" and {entry.Addresses.Count - most} more" : "");
        var over = state == RecipientState.Delivered ? $" ({entry.Session ?? "in clear"})" : "";
        return new TraceEvent(entry.At, TraceStage.Delivery, word, $"{names}: {outcome}{over}");
    }

    private sealed record Entry(DateTimeOffset At, string? Session, List<string> Addresses);
}
