using ListServer.MailAuth;

namespace ListServer.Lists;

/// <summary>Where a post stands.</summary>
public enum PostState
{
    /// <summary>Taken over and safe on disk; not yet distributed.</summary>
    Accepted,

    /// <summary>Waits for a moderator.</summary>
    Held,

    /// <summary>In the queue or beyond: its copies are made.</summary>
    Distributed,

    /// <summary>A moderator refused it.</summary>
    Rejected,

    /// <summary>Dropped without an answer: a loop, or a moderator's choice.</summary>
    Discarded,
}

/// <summary>A message sent to a list, with all that was found out about it as it arrived. The octets stand in the spool under <see cref="Id"/>.</summary>
public sealed record Post
{
    /// <summary>26 characters, sorted by time of arrival.</summary>
    public required string Id { get; init; }

    /// <summary>The list's posting address.</summary>
    public required string List { get; init; }

    /// <summary>When the last octet arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How it came.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>What was found on the raw octets: frozen, never found out again (order of operations, step 6).</summary>
    public required AuthenticationReport Report { get; init; }

    /// <summary>The Authentication-Results value that was frozen with it: the payload of our AAR.</summary>
    public required string AuthenticationResults { get; init; }

    /// <summary>The Subject, decoded; may be empty.</summary>
    public required string Subject { get; init; }

    /// <summary>The Message-ID with its angle brackets; may be empty.</summary>
    public required string MessageId { get; init; }

    /// <summary>The size of the octets.</summary>
    public required long Size { get; init; }

    /// <summary>Where it stands.</summary>
    public required PostState State { get; init; }

    /// <summary>Why it stands there, in words: hold and reject reasons.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who approved a held post, or null: kept because an unverified author then leaves under their responsibility (AUTH-70).</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Who refused a held post, or null: its author, if authenticated, is then told.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>True when it is sent by a plan, which stands beside it (<see cref="Announcements.Announcement"/>).</summary>
    public bool IsAnnouncement { get; init; }

    /// <summary>The serial number within the list, given at distribution; 0 before.</summary>
    public long Serial { get; init; }
}
