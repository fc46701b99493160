using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>How our ARC sets are made.</summary>
public sealed record ArcSealingOptions
{
    /// <summary>Which fields the ARC-Message-Signature covers. Leave out what differs from recipient to recipient for a seal that all share (AUTH-47).</summary>
    public SignedFields Fields { get; init; } = SignedFields.StandardForArc;

    /// <summary>How many octets the header fields may have in all (AUTH-98): no receiver that caps its work would verify the set of a larger one.</summary>
    public int MaximumHeaderOctets { get; init; } = 512 * 1024;
}
