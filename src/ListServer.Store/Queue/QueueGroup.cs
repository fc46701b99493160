using System.Collections.Immutable;
using ListServer.Lists.Announcements;
using ListServer.Store.Tables;

namespace ListServer.Store.Queue;

/// <summary>One address that a copy goes to.</summary>
/// <param name="Address">local-part@domain.</param>
/// <param name="Data">What makes this recipient's copy or reverse-path its own, or null; the store does not look into it.</param>
public sealed record QueueRecipient(string Address, string? Data = null);

/// <summary>A post's copy for recipients of one destination domain, as it was queued. It never changes; how far it got stands beside it.</summary>
/// <param name="Id">From <see cref="OrderedId"/>.</param>
/// <param name="PostId">The post; the same as <paramref name="CopyId"/> for what is no post.</param>
/// <param name="List">The list's posting address.</param>
/// <param name="Destination">The recipients' domain in lower-case A-labels.</param>
/// <param name="CopyId">Under this name the copy's octets stand in the spool; groups of a post may share it.</param>
/// <param name="ReversePath">MAIL FROM without angle brackets.</param>
/// <param name="Recipients">1 to <see cref="MaxRecipients"/>.</param>
/// <param name="CreatedAt">When it was queued; the first attempt is due then.</param>
/// <param name="ExpiresAt">When what still waits is given up.</param>
/// <param name="Wave">When it may go, for a post with an <see cref="Announcement"/>; else null.</param>
public sealed record QueueGroup(
    string Id,
    string PostId,
    string List,
    string Destination,
    string CopyId,
    string ReversePath,
    ImmutableArray<QueueRecipient> Recipients,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    SendingWave? Wave = null)
{
    /// <summary>The most recipients that a group holds.</summary>
    public const int MaxRecipients = 1000;

    /// <summary>How long a copy waits at the most (RFC 5321 §4.5.4.1, SEC-6).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(5);

    /// <summary>Puts it into the queue.</summary>
    internal void AddTo(Draft draft)
    {
        if (Recipients.Length is 0 or > MaxRecipients)
        {
            throw new InvalidOperationException($"Group {Id} holds {Recipients.Length} recipients.");
        }

        draft.PutNew(Entry.Of(TableKey.Group(Id), this));
        draft.PutNew(Entry.Of(TableKey.GroupState(Id), GroupState.Of(this)));
    }
}

/// <summary>Where a recipient stands.</summary>
public enum RecipientState
{
    /// <summary>To be tried, again or for the first time.</summary>
    Waiting,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>The receiver refused it for good.</summary>
    Refused,

    /// <summary>It waited too long.</summary>
    Expired,

    /// <summary>Not sent: the recipient left the list before (AUTH-81).</summary>
    Withdrawn,

    /// <summary>Not sent: an operator dropped it, or the announcement was stopped, before.</summary>
    Stopped,
}

/// <summary>A recipient that waits no longer.</summary>
/// <param name="Index">The position in <see cref="QueueGroup.Recipients"/>.</param>
/// <param name="State">Where it ended. The first outcome counts; later ones change nothing.</param>
public sealed record RecipientOutcome(int Index, RecipientState State);

/// <summary>How a post's recipients stand, all groups together.</summary>
/// <param name="Recipients">All there ever were.</param>
/// <param name="Delivered">Taken by their receivers.</param>
/// <param name="Refused">Refused for good.</param>
/// <param name="Expired">Given up.</param>
/// <param name="Withdrawn">Left the list before their copy was sent.</param>
/// <param name="Stopped">Not sent, because it was dropped, or the announcement was stopped.</param>
public sealed record PostTally(int Recipients, int Delivered, int Refused, int Expired, int Withdrawn = 0, int Stopped = 0)
{
    /// <summary>Still to be tried.</summary>
    public int Waiting => Recipients - Delivered - Refused - Expired - Withdrawn - Stopped;

    internal PostTally With(RecipientState state) => state switch
    {
        RecipientState.Delivered => this with { Delivered = Delivered + 1 },
        RecipientState.Refused => this with { Refused = Refused + 1 },
        RecipientState.Expired => this with { Expired = Expired + 1 },
        RecipientState.Withdrawn => this with { Withdrawn = Withdrawn + 1 },
        RecipientState.Stopped => this with { Stopped = Stopped + 1 },
        _ => this,
    };
}
