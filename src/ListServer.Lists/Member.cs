using System.Text.Json.Serialization;

namespace ListServer.Lists;

/// <summary>What a member may do.</summary>
public enum MemberRole
{
    /// <summary>Receives and, where the policy lets members post, posts.</summary>
    Member,

    /// <summary>Also decides about held posts; their own posts are never held by policy.</summary>
    Moderator,

    /// <summary>Also receives what is sent to the -owner address.</summary>
    Owner,
}

/// <summary>How a list's posts come to a member.</summary>
public enum DeliveryMode
{
    /// <summary>A copy of each post.</summary>
    Regular,

    /// <summary>Many posts in one message, each whole (multipart/digest).</summary>
    MimeDigest,

    /// <summary>Many posts in one plain text.</summary>
    PlainDigest,

    /// <summary>Once a day, what was posted: subjects and authors, without the texts.</summary>
    DailySummary,
}

/// <summary>One subscription.</summary>
/// <param name="List">The list's posting address.</param>
/// <param name="Address">The member's address, the domain in lower-case A-labels; compared whatever the case.</param>
/// <param name="DisplayName">As given; may be empty.</param>
/// <param name="Role">What the member may do.</param>
/// <param name="JoinedAt">When the subscription began.</param>
/// <param name="Source">How it began, as evidence of consent (AUTH-83): "import members.csv", "confirmed by mail" …</param>
/// <param name="IsReceiving">False when delivery is switched off.</param>
/// <param name="SuspendedAt">When delivery was stopped because copies came back, or null.</param>
/// <param name="Wording">What was agreed to, in the words that were shown (AUTH-83); empty when they are not known.</param>
/// <param name="Delivery">How posts come, while delivery is on.</param>
/// <param name="PausedUntil">Nothing comes before; null for no pause.</param>
/// <param name="OwnCopies">False for who wants no copy of what they wrote themselves.</param>
/// <param name="AvoidsDuplicates">True for who wants no copy of a post that names them in To or Cc, as they have it already.</param>
public sealed record Member(
    string List,
    string Address,
    string DisplayName,
    MemberRole Role,
    DateTimeOffset JoinedAt,
    string Source,
    bool IsReceiving = true,
    DateTimeOffset? SuspendedAt = null,
    string Wording = "",
    DeliveryMode Delivery = DeliveryMode.Regular,
    DateTimeOffset? PausedUntil = null,
    bool OwnCopies = true,
    bool AvoidsDuplicates = false)
{
    /// <summary>Whether a copy of each post goes to the member, but for the time of a pause.</summary>
    [JsonIgnore]
    public bool GetsCopies => IsReceiving && SuspendedAt is null && Delivery is DeliveryMode.Regular;

    /// <summary>Whether digests or summaries go to the member, but for the time of a pause.</summary>
    [JsonIgnore]
    public bool GetsDigests => IsReceiving && SuspendedAt is null && Delivery is not DeliveryMode.Regular;

    /// <summary>Whether the member wants nothing just now.</summary>
    public bool IsPaused(DateTimeOffset now) => PausedUntil > now;
}
