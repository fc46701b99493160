using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;

namespace ListServer.Store.Webhooks;

/// <summary>A webhook that waits to be told something.</summary>
/// <param name="Hook">Its identifier.</param>
/// <param name="Due">When the first of it is due.</param>
/// <param name="Events">How much waits.</param>
public sealed record WaitingWebhook(string Hook, DateTimeOffset Due, int Events);

/// <summary>What webhooks wait for, in memory: which events of each, in the order in which they are due.</summary>
/// <remarks>Written by the commit thread, read by anybody.</remarks>
internal sealed class WebhookBook
{
    private static readonly Comparer<(DateTimeOffset Due, string Id)> Order = Comparer<(DateTimeOffset Due, string Id)>.Create((a, b) =>
        a.Due != b.Due ? a.Due.CompareTo(b.Due) : string.CompareOrdinal(a.Id, b.Id));

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Waiting> _waiting = [];

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>All that wait.</summary>
    public IReadOnlyList<WaitingWebhook> All()
    {
        lock (_gate)
        {
            return [.. _waiting.Select(one => new WaitingWebhook(one.Key, one.Value.InOrder.Min.Due, one.Value.InOrder.Count))];
        }
    }

    /// <summary>The event that a webhook is to be told next, if it is due; else null.</summary>
    public string? Next(string hook, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _waiting.TryGetValue(hook, out var waiting) && waiting.InOrder.Min is var (due, id) && due <= now ? id : null;
        }
    }

    public void Take(Entry entry)
    {
        var (hook, id) = TableKey.PartsOfWebhookEvent(entry.Key);
        var next = entry.IsGone ? null : entry.Read<WebhookEvent>().NextAttempt;
        lock (_gate)
        {
            if (_waiting.TryGetValue(hook, out var waiting) && waiting.Due.Remove(id, out var before))
            {
                waiting.InOrder.Remove((before, id));
            }

            if (next is { } due)
            {
                waiting ??= _waiting[hook] = new Waiting([], new SortedSet<(DateTimeOffset Due, string Id)>(Order));
                waiting.Due[id] = due;
                waiting.InOrder.Add((due, id));
            }
            else if (waiting is { Due.Count: 0 })
            {
                _waiting.Remove(hook);
            }
        }
    }

    private sealed record Waiting(Dictionary<string, DateTimeOffset> Due, SortedSet<(DateTimeOffset Due, string Id)> InOrder);
}
