using System.Collections.Immutable;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>What an ARC-Seal signs (RFC 8617 §5.1.1): the sets up to its own, each as AAR, AMS, AS, in relaxed form.</summary>
internal static class SealHash
{
    /// <summary>Why the seal of the set at <paramref name="position"/> does not verify with this key, or null.</summary>
    public static string? Failure(ImmutableArray<FoundSet> sets, int position, KeyRecord record)
    {
        var own = sets[position];
        if (record.Defect is { } defect)
        {
            return defect;
        }

        if (record.IsEd25519 != (own.SealTags.Algorithm == SignatureAlgorithm.Ed25519Sha256))
        {
            return "the key is of another type than a= says";
        }

        if (record.Key!.Weakness is { } weakness)
        {
            return weakness;
        }

        Span<byte> digest = stackalloc byte[OctetHash.Size];
        using var hash = OctetHash.Rent();
        Write(sets.AsSpan(0, position), hash);
        Write(own.AuthenticationResults, hash);
        Write(own.MessageSignature, hash);
        SignatureCheck.WriteWithoutValue(own.Seal, own.SealTags.ValueTag, Canonicalization.Relaxed, hash);
        hash.Finish(digest);
        return record.Key.Verify(digest, own.SealTags.Value) ? null : "the signature does not match";
    }

    /// <summary>Writes whole sets, as they stand below a newer one.</summary>
    public static void Write(ReadOnlySpan<FoundSet> sets, OctetHash hash)
    {
        foreach (var set in sets)
        {
            Write(set.AuthenticationResults, hash);
            Write(set.MessageSignature, hash);
            Write(set.Seal, hash);
        }
    }

    private static void Write(HeaderField field, OctetHash hash) => HeaderCanonicalizer.Write(field.Octets.Span, Canonicalization.Relaxed, hash);
}
