using System.Collections.Immutable;
using ListServer.Lists.Announcements;

namespace ListServer.Store.Queue;

/// <summary>How far a group got, and what the queue must know of it without reading its recipients.</summary>
/// <param name="Id">The group.</param>
/// <param name="PostId">Its post.</param>
/// <param name="List">Its list.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="CopyId">Its octets.</param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="ExpiresAt">When it is given up.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="NextAttempt">When it is due.</param>
/// <param name="LastReply">What the other side said last; may be empty.</param>
/// <param name="Recipients">A letter for each recipient, in the order of the group: w, d, r, x, l, s.</param>
/// <param name="Wave">When it may go, for a group of an announcement; else null.</param>
internal sealed record GroupState(
    string Id,
    string PostId,
    string List,
    string Destination,
    string CopyId,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    int Attempts,
    DateTimeOffset NextAttempt,
    string LastReply,
    string Recipients,
    SendingWave? Wave = null)
{
    private const string Letters = "wdrxls";

    /// <summary>True when nobody waits any more.</summary>
    public bool IsSettled => !Recipients.Contains(Letters[0], StringComparison.Ordinal);

    public int WaitingCount => Recipients.AsSpan().Count(Letters[0]);

    public static GroupState Of(QueueGroup group) => new(
        group.Id,
        group.PostId,
        group.List,
        group.Destination,
        group.CopyId,
        group.CreatedAt,
        group.ExpiresAt,
        Attempts: 0,
        NextAttempt: group.CreatedAt,
        LastReply: "",
        Recipients: new string(Letters[0], group.Recipients.Length),
        Wave: group.Wave);

    /// <summary>The positions of those that wait.</summary>
    public ImmutableArray<int> Waiting() => [.. Enumerable.Range(0, Recipients.Length).Where(IsWaiting)];

    /// <summary>With outcomes entered. The first outcome of a recipient counts.</summary>
    public GroupState With(IEnumerable<RecipientOutcome> settled, out List<RecipientOutcome> entered)
    {
        var letters = Recipients.ToCharArray();
        entered = [];
        foreach (var outcome in settled)
        {
            if (letters[outcome.Index] == Letters[0] && outcome.State != RecipientState.Waiting)
            {
                letters[outcome.Index] = Letters[(int)outcome.State];
                entered.Add(outcome);
            }
        }

        return this with { Recipients = new string(letters) };
    }

    private bool IsWaiting(int index) => Recipients[index] == Letters[0];
}
