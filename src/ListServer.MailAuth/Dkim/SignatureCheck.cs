using System.Buffers;

namespace ListServer.MailAuth.Dkim;

/// <summary>The verdict on one signature with one key.</summary>
internal readonly record struct SignatureVerdict(DkimVerdict Verdict, string Reason, bool CoversWholeBody = true);

/// <summary>
/// Holds a signature that was read against one message, with keys that were fetched: no input but octets and the time (RFC 6376 §6.1).
/// What is signed is hashed once, however many keys are tried (AUTH-98).
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class SignatureCheck(DkimSignature signature, RawMessage message, int position, BodyHashes bodies)
{
    private byte[]? _header;

    /// <summary>How many octets of header fields were hashed.</summary>
    public long HashedOctets { get; private set; }

    /// <summary>What can be said before any key is asked for; null when the key is needed.</summary>
    public static SignatureVerdict? BeforeKey(DkimSignature signature, DateTimeOffset now)
    {
        if (signature.Defect is { } defect)
        {
            return new(DkimVerdict.PermError, defect);
        }

        // RFC 8301 §3.1: "rsa-sha1 MUST NOT be used for signing or verifying."
        if (signature.Algorithm == SignatureAlgorithm.RsaSha1)
        {
            return new(DkimVerdict.Policy, "rsa-sha1 is not acceptable");
        }

        if (signature.Excess is { } excess)
        {
            return new(DkimVerdict.Policy, excess);
        }

        // RFC 6376 §3.5 x=, §6.1.1.
        return signature.Expires < now.ToUnixTimeSeconds() ? new(DkimVerdict.Fail, "the signature has expired") : null;
    }

    /// <summary>The verdict with one key record.</summary>
    public SignatureVerdict With(KeyRecord record)
    {
        if (Refusal(record) is { } refusal)
        {
            return refusal;
        }

        var body = bodies.Of(signature);
        var coversWholeBody = signature.BodyLength is not { } length || length == body.CanonicalLength;
        if (signature.BodyLength > body.CanonicalLength)
        {
            return new(DkimVerdict.Fail, "the body is shorter than l=");
        }

        if (!body.Sha256.AsSpan().SequenceEqual(signature.BodyHash))
        {
            return new(DkimVerdict.Fail, "the body hash does not match", coversWholeBody);
        }

        return record.Key!.Verify(_header ??= HashHeader(), signature.Value)
            ? new(DkimVerdict.Pass, PassReason(record, coversWholeBody), coversWholeBody)
            : new(DkimVerdict.Fail, "the signature does not match the header", coversWholeBody);
    }

    /// <summary>The signature's own field as it is hashed: the value of b= with the white space around it left out (RFC 6376 §3.7).</summary>
    public static void WriteWithoutValue(HeaderField field, Tag value, Canonicalization canonicalization, IBufferWriter<byte> output)
    {
        var octets = field.Octets.Span;
        var offset = octets.Length - field.RawValue.Length;
        byte[] emptied = [.. octets[..(offset + value.Start)], .. octets[(offset + value.End)..]];
        HeaderCanonicalizer.Write(emptied, canonicalization, output, withLineEnd: false);
    }

    private SignatureVerdict? Refusal(KeyRecord record)
    {
        if (record.Defect is { } defect)
        {
            return new(DkimVerdict.PermError, defect);
        }

        if (record.IsEd25519 != (signature.Algorithm == SignatureAlgorithm.Ed25519Sha256))
        {
            return new(DkimVerdict.PermError, "the key is of another type than a= says");
        }

        // §3.6.1 t=s: "the "i=" domain MUST NOT be a subdomain of "d="".
        if (record.IsStrict && signature.IdentityDomain != signature.Domain)
        {
            return new(DkimVerdict.PermError, "the key demands that i= is at d= itself");
        }

        return record.Key!.Weakness is { } weakness ? new(DkimVerdict.Policy, weakness) : null;
    }

    private byte[] HashHeader()
    {
        using var hash = OctetHash.Rent();
        message.Index.Write(signature.HeaderNames, position, signature.HeaderCanonicalization, hash);
        WriteWithoutValue(signature.Field, signature.ValueTag, signature.HeaderCanonicalization, hash);
        HashedOctets = (long)hash.Total;
        var digest = new byte[OctetHash.Size];
        hash.Finish(digest);
        return digest;
    }

    private static string PassReason(KeyRecord record, bool coversWholeBody) => (record.IsTesting, coversWholeBody) switch
    {
        (false, true) => "the signature verifies",
        (true, true) => "the signature verifies; the key is in test mode",
        (_, false) => "the signature verifies, but l= leaves out the end of the body",
    };
}
