namespace ListServer.MailAuth.Arc;

/// <summary>A new ARC set: three header fields, each with its folds and final CRLF.</summary>
/// <param name="Instance">i=.</param>
/// <param name="Seal">The ARC-Seal field.</param>
/// <param name="MessageSignature">The ARC-Message-Signature field.</param>
/// <param name="AuthenticationResults">The ARC-Authentication-Results field.</param>
public sealed record ArcSet(int Instance, ReadOnlyMemory<byte> Seal, ReadOnlyMemory<byte> MessageSignature, ReadOnlyMemory<byte> AuthenticationResults)
{
    /// <summary>The three fields as they stand on top of the message: seal, message signature, results.</summary>
    public byte[] ToOctets() => [.. Seal.Span, .. MessageSignature.Span, .. AuthenticationResults.Span];
}
