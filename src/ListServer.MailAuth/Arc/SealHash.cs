using System.Buffers;
using System.Collections.Immutable;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>What an ARC-Seal signs (RFC 8617 §5.1.1): the sets up to its own, each as AAR, AMS, AS, in relaxed form.</summary>
internal static class SealHash
{
    /// <summary>What each seal of a chain signs, hashed. The sets below a seal are not hashed anew for it: fifty large ones would take seconds (AUTH-98).</summary>
    public static byte[][] OfEach(ImmutableArray<FoundSet> sets)
    {
        var hashes = new byte[sets.Length][];
        var unsigned = new ArrayBufferWriter<byte>();
        using var hash = OctetHash.Rent();
        for (var i = 0; i < sets.Length; i++)
        {
            Write(sets[i].AuthenticationResults, hash);
            Write(sets[i].MessageSignature, hash);
            unsigned.ResetWrittenCount();
            SignatureCheck.WriteWithoutValue(sets[i].Seal, sets[i].SealTags.ValueTag, Canonicalization.Relaxed, unsigned);
            hashes[i] = hash.HashWith(unsigned.WrittenSpan);
            Write(sets[i].Seal, hash);
        }

        return hashes;
    }

    /// <summary>Whether a seal verifies with this key.</summary>
    public static SignatureVerdict Check(SealTags seal, byte[] hash, KeyRecord record)
    {
        if (record.Defect is { } defect)
        {
            return new(DkimVerdict.PermError, defect);
        }

        if (record.IsEd25519 != (seal.Algorithm == SignatureAlgorithm.Ed25519Sha256))
        {
            return new(DkimVerdict.PermError, "the key is of another type than a= says");
        }

        if (record.Key!.Weakness is { } weakness)
        {
            return new(DkimVerdict.Policy, weakness);
        }

        return record.Key.Verify(hash, seal.Value)
            ? new(DkimVerdict.Pass, "the seal verifies")
            : new(DkimVerdict.Fail, "the signature does not match");
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
