using ListServer.Lists.Mitigation;

namespace ListServer.Lists.Cooking;

/// <summary>What the kitchen needs to know beside the list and the post.</summary>
public sealed record PrepareOptions
{
    /// <summary>Our authserv-id (RFC 8601 §2.5): received fields that bear it are forged, and taken out (AUTH-48).</summary>
    public required string AuthservId { get; init; }

    /// <summary>Our own Authentication-Results and Received fields for this post, complete with their line ends, in this order; they go on top of the author's fields.</summary>
    public required ReadOnlyMemory<byte> TraceFields { get; init; }

    /// <summary>The time that x= of the author's signatures is held against.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The address under which people reach the archive, for links into it; null for none.</summary>
    public Uri? WebAddress { get; init; }

    /// <summary>True for the variant that goes where 8BITMIME is not offered (RFC 6152 §3, AUTH-37).</summary>
    public bool IsSevenBit { get; init; }

    /// <summary>True for the archive's own message: attachments that copies have a link to stay in it.</summary>
    public bool KeepsAttachments { get; init; }

    /// <summary>Whom the operator trusts.</summary>
    public OperatorTrust Trust { get; init; } = new();
}
