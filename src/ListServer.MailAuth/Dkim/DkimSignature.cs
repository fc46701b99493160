using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>A DKIM-Signature or ARC-Message-Signature field, read (RFC 6376 §3.5, RFC 8617 §4.1.2).</summary>
/// <remarks>Reading never fails: <see cref="Defect"/> says what is wrong, and what could be read stands beside it.</remarks>
internal sealed class DkimSignature
{
    /// <summary>Nobody signs a hundred fields, and no header of ours has more than a thousand; a megabyte of names costs more than the megabyte (AUTH-98).</summary>
    internal const int MaximumNames = 2000;

    private DkimSignature(HeaderField field)
    {
        Field = field;
    }

    public HeaderField Field { get; }

    /// <summary>Why the field can't be a valid signature, or null.</summary>
    public string? Defect { get; private set; }

    /// <summary>Why the field is not worked on, valid or not, or null.</summary>
    public string? Excess { get; private set; }

    /// <summary>d=, or empty.</summary>
    public string Domain { get; private set; } = "";

    /// <summary>s=, or empty.</summary>
    public string Selector { get; private set; } = "";

    /// <summary>i= decoded, or "@" + d=.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>The domain of <see cref="Identity"/> in lower-case A-labels.</summary>
    public string IdentityDomain { get; private set; } = "";

    public string AlgorithmText { get; private set; } = "";

    public SignatureAlgorithm Algorithm { get; private set; }

    /// <summary>The octets of b=.</summary>
    public byte[] Value { get; private set; } = [];

    /// <summary>b= as text, white space removed, or empty.</summary>
    public string ValueText { get; private set; } = "";

    public byte[] BodyHash { get; private set; } = [];

    public Canonicalization HeaderCanonicalization { get; private set; }

    public Canonicalization BodyCanonicalization { get; private set; }

    public string[] HeaderNames { get; private set; } = [];

    /// <summary>l=, or null when the whole body is signed.</summary>
    public ulong? BodyLength { get; private set; }

    /// <summary>x= in seconds since 1970, or null.</summary>
    public long? Expires { get; private set; }

    /// <summary>Where the value of b= stands in <see cref="HeaderField.RawValue"/>.</summary>
    public Tag ValueTag { get; private set; }

    /// <summary>Reads a DKIM-Signature field.</summary>
    public static DkimSignature ReadDkim(HeaderField field)
    {
        var signature = new DkimSignature(field);
        var tags = signature.ReadTags();

        // §3.5 v=, §6.1.1: a missing or other version is no version of ours.
        signature.Defect ??= (tags.Text("v") == "1" ? null : "v= is not 1") ?? signature.ReadCommon(tags, emptyNames: false) ?? signature.ReadIdentity(tags);
        return signature;
    }

    /// <summary>Reads an ARC-Message-Signature field: no v=, and i= is the instance (RFC 8617 §4.1.2).</summary>
    public static DkimSignature ReadArc(HeaderField field)
    {
        var signature = new DkimSignature(field);
        var tags = signature.ReadTags();

        // An empty name in "h=a::b" takes no field; the test suite of ARC has it pass, and sealers write so.
        signature.Defect ??= signature.ReadCommon(tags, emptyNames: true);
        signature.Identity = "@" + signature.Domain;
        signature.IdentityDomain = signature.Domain;
        return signature;
    }

    private TagList ReadTags()
    {
        var tags = TagList.Parse(Field.RawValue);
        Defect = tags.Defect is { } defect ? "not a tag list: " + defect : null;

        // These first: a signature that is refused is still reported under its name.
        Domain = tags.Name("d");
        Selector = tags.Name("s");
        AlgorithmText = tags.Text("a") ?? "";
        ValueText = tags.TryGet("b", out var b) ? Compact(b) : "";
        return tags;
    }

    /// <param name="tags">The tags.</param>
    /// <param name="emptyNames">Whether h= may hold empty names, which stand for no field.</param>
    private string? ReadCommon(TagList tags, bool emptyNames)
    {
        if (Missing(tags) is { } missing)
        {
            return $"{missing}= is missing";
        }

        if (Domain.Length == 0 || Selector.Length == 0)
        {
            return Domain.Length == 0 ? "d= is not a domain name" : "s= is not a selector";
        }

        if (Selector.Length + Domain.Length + "._domainkey.".Length > 253)
        {
            return "s= and d= are too long for a name";
        }

        return ReadCryptography(tags) ?? ReadCanonicalization(tags) ?? ReadHeaderNames(tags, emptyNames) ?? ReadNumbers(tags) ?? ReadQueryMethods(tags);
    }

    private static string? Missing(TagList tags)
    {
        foreach (var name in (ReadOnlySpan<string>)["a", "b", "bh", "d", "h", "s"])
        {
            if (!tags.TryFind(name, out _))
            {
                return name;
            }
        }

        return null;
    }

    private string? ReadCryptography(TagList tags)
    {
        Algorithm = AlgorithmText switch
        {
            "rsa-sha256" => SignatureAlgorithm.RsaSha256,
            "ed25519-sha256" => SignatureAlgorithm.Ed25519Sha256,
            "rsa-sha1" => SignatureAlgorithm.RsaSha1,
            _ => SignatureAlgorithm.Unknown,
        };
        if (Algorithm == SignatureAlgorithm.Unknown)
        {
            return "a= is not a known algorithm";
        }

        _ = tags.TryGet("b", out var b);
        _ = tags.TryGet("bh", out var bh);
        _ = tags.TryFind("b", out var valueTag);
        ValueTag = valueTag;
        Value = Fws.Base64(b) ?? [];
        BodyHash = Fws.Base64(bh) ?? [];
        return Value.Length == 0 ? "b= is not base64" : BodyHash.Length == 0 ? "bh= is not base64" : null;
    }

    private string? ReadCanonicalization(TagList tags)
    {
        // §3.5 c=: simple/simple when absent, and simple for the body when only the header is named.
        var (header, body, known) = tags.Text("c") switch
        {
            null or "simple" or "simple/simple" => (Canonicalization.Simple, Canonicalization.Simple, true),
            "relaxed" or "relaxed/simple" => (Canonicalization.Relaxed, Canonicalization.Simple, true),
            "relaxed/relaxed" => (Canonicalization.Relaxed, Canonicalization.Relaxed, true),
            "simple/relaxed" => (Canonicalization.Simple, Canonicalization.Relaxed, true),
            _ => (default, default, false),
        };
        HeaderCanonicalization = header;
        BodyCanonicalization = body;
        return known ? null : "c= is not a known canonicalization";
    }

    private string? ReadHeaderNames(TagList tags, bool emptyNames)
    {
        _ = tags.TryGet("h", out var value);
        if (value.Count((byte)':') >= MaximumNames)
        {
            Excess = $"h= holds more than {MaximumNames} names";
            return null;
        }

        var names = new List<string>(24);
        foreach (var range in value.Split((byte)':'))
        {
            var name = Fws.Trim(value[range]);
            if (name.ContainsAnyExceptInRange((byte)'!', (byte)'~') || (name.IsEmpty && !emptyNames))
            {
                return "h= holds what is not a field name";
            }

            names.Add(Encoding.ASCII.GetString(name));
        }

        HeaderNames = [.. names];

        // §3.5 h=, §5.4, §6.1.1: the From field is always signed.
        return names.Exists(n => n.Equals("From", StringComparison.OrdinalIgnoreCase)) ? null : "h= does not name From";
    }

    private string? ReadNumbers(TagList tags)
    {
        long? signed = null;
        if (tags.TryGet("t", out var t) && (signed = Number(t)) is null)
        {
            return "t= is not a time";
        }

        if (tags.TryGet("x", out var x) && (Expires = Number(x)) is null)
        {
            return "x= is not a time";
        }

        if (tags.TryGet("l", out var l) && (BodyLength = (ulong?)Number(l, maximumDigits: 76)) is null)
        {
            return "l= is not a length";
        }

        // §3.5 x=: "MUST be greater than the value of the t= tag if both are present".
        return Expires <= signed ? "x= is not after t=" : null;
    }

    private static string? ReadQueryMethods(TagList tags)
    {
        if (!tags.TryGet("q", out var methods))
        {
            return null;
        }

        var known = false;
        foreach (var range in methods.Split((byte)':'))
        {
            var method = Fws.Trim(methods[range]);
            if (method.IsEmpty)
            {
                return "q= holds an empty query method";
            }

            known |= method.SequenceEqual("dns/txt"u8);
        }

        return known ? null : "q= names no known query method";
    }

    private string? ReadIdentity(TagList tags)
    {
        Identity = "@" + Domain;
        IdentityDomain = Domain;
        if (!tags.TryGet("i", out var value))
        {
            return null;
        }

        if (Auid.Read(value) is not { } identifier)
        {
            return "i= is not an identity";
        }

        // §3.5 i=: "The domain part of the address MUST be the same as, or a subdomain of, the value of the d= tag".
        if (!DomainName.IsSameOrBelow(identifier.Domain, Domain))
        {
            return "i= is not within d=";
        }

        Identity = $"{identifier.LocalPart}@{identifier.Domain}";
        IdentityDomain = identifier.Domain;
        return null;
    }

    /// <summary>Digits only; what is too large for the type is as large as it gets. Null for anything else.</summary>
    private static long? Number(ReadOnlySpan<byte> text, int maximumDigits = 12)
    {
        if (text.IsEmpty || text.Length > maximumDigits || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        return long.TryParse(text, out var number) ? number : long.MaxValue;
    }

    private static string Compact(ReadOnlySpan<byte> text)
    {
        Span<char> compact = text.Length <= 1024 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (c is > (byte)' ' and < 0x7F)
            {
                compact[length++] = (char)c;
            }
        }

        return new string(compact[..length]);
    }
}
