using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>Writes a post's history of delivery: one line for all recipients to whom the same thing happened in one transaction.</summary>
internal sealed class DeliveryTrace(DateTimeOffset now, string? session)
{
    /// <summary>Who waits is named up to here only: they are named again when their wait ends.</summary>
    private const int NamedWhileWaiting = 10;

    private readonly Dictionary<(string PostId, Outcome Outcome, RecipientState State), List<string>> _lines = [];

    /// <summary>Adds a recipient.</summary>
    public void Add(string postId, string address, Outcome outcome, RecipientState state)
    {
        if (!_lines.TryGetValue((postId, outcome, state), out var addresses))
        {
            _lines.Add((postId, outcome, state), addresses = []);
        }

        addresses.Add(address);
    }

    /// <summary>The lines, a change for each post.</summary>
    public IEnumerable<TraceAdded> ToChanges() => _lines
        .GroupBy(l => l.Key.PostId)
        .Select(post => new TraceAdded(post.Key, [.. post.Select(l => Line(l.Key.Outcome, l.Key.State, l.Value))]));

    private TraceEvent Line(Outcome outcome, RecipientState state, List<string> addresses)
    {
        var (word, most) = state switch
        {
            RecipientState.Delivered => ("delivered", int.MaxValue),
            RecipientState.Refused => ("refused", int.MaxValue),
            RecipientState.Expired => ("expired", int.MaxValue),
            _ => ("deferred", NamedWhileWaiting),
        };
        var names = string.Join(", ", addresses.Take(most)) + (addresses.Count > most ? $" and {addresses.Count - most} more" : "");
        var over = state == RecipientState.Delivered ? $" ({session ?? "in clear"})" : "";
        return new TraceEvent(now, TraceStage.Delivery, word, $"{names}: {outcome}{over}");
    }
}
