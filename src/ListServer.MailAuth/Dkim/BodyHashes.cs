namespace ListServer.MailAuth.Dkim;

/// <summary>
/// The body hashes that a message's signatures are held against. However many different l= they name, the body is gone through once
/// more for each canonicalization, not once for each of them (AUTH-98).
/// </summary>
/// <remarks>For one message and one thread at a time.</remarks>
internal sealed class BodyHashes(RawMessage message, IEnumerable<DkimSignature> signatures)
{
    private readonly DkimSignature[] _partial = [.. signatures.Where(s => s is { Defect: null, BodyLength: not null })];
    private Dictionary<ulong, BodyHash>? _simple;
    private Dictionary<ulong, BodyHash>? _relaxed;

    /// <summary>The hash of what the signature covers of the body, with the length of the whole canonical body; of all of it when l= is beyond its end.</summary>
    public BodyHash Of(DkimSignature signature)
    {
        var whole = message.HashOfBody(signature.BodyCanonicalization);
        if (signature.BodyLength is not { } length || length >= whole.CanonicalLength)
        {
            return whole;
        }

        var beginnings = signature.BodyCanonicalization == Canonicalization.Simple ? _simple ??= Compute(whole) : _relaxed ??= Compute(whole);
        return beginnings[length];
    }

    private Dictionary<ulong, BodyHash> Compute(BodyHash whole)
    {
        ulong[] lengths =
        [
            .. _partial.Where(s => s.BodyCanonicalization == whole.Canonicalization).Select(s => s.BodyLength!.Value)
                .Where(l => l < whole.CanonicalLength).Distinct().Order(),
        ];
        _ = BodyHash.Compute(message.Body.Span, whole.Canonicalization, lengths, out var hashes);
        return lengths.Zip(hashes).ToDictionary(p => p.First, p => whole with { Sha256 = [.. p.Second] });
    }
}
