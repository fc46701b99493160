using System.Collections.Immutable;

namespace ListServer.MailAuth.Dkim;

/// <summary>The part of signing that DKIM-Signature and ARC-Message-Signature share (RFC 6376 §3.7, RFC 8617 §4.1.2).</summary>
internal static class MessageSignature
{
    /// <summary>Adds h=, bh= and b= to the tags that say who signs.</summary>
    public static byte[] Complete(FoldedTags tags, ImmutableArray<HeaderField> fields, BodyHash body, SignedFields signed, SigningKey key)
    {
        var index = new FieldIndex(fields);
        var names = Open(tags, index, body, signed);
        Span<byte> digest = stackalloc byte[OctetHash.Size];
        using (var hash = OctetHash.Rent())
        {
            index.Write(names, excluded: -1, Canonicalization.Relaxed, hash);
            HeaderCanonicalizer.Write(tags.Written, Canonicalization.Relaxed, hash, withLineEnd: false);
            hash.Finish(digest);
        }

        return tags.Close(key.Sign(digest));
    }

    /// <summary>Adds all but the value of b=. Answers the names in h=.</summary>
    public static List<string> Open(FoldedTags tags, FieldIndex index, BodyHash body, SignedFields signed)
    {
        if (body.Canonicalization != Canonicalization.Relaxed)
        {
            throw new ArgumentException("The body is hashed in relaxed form.", nameof(body));
        }

        var names = signed.NamesFor(index);
        tags.Tag("h", names).Tag("bh", Convert.ToBase64String(body.Sha256.AsSpan())).OpenTag("b");
        return names;
    }
}
