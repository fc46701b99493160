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
public sealed record Member(
    string List,
    string Address,
    string DisplayName,
    MemberRole Role,
    DateTimeOffset JoinedAt,
    string Source,
    bool IsReceiving = true,
    DateTimeOffset? SuspendedAt = null,
    string Wording = "")
{
    /// <summary>Whether copies go to the member.</summary>
    [JsonIgnore]
    public bool GetsCopies => IsReceiving && SuspendedAt is null;
}
