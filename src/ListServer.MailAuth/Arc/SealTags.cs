using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>An ARC-Seal field, read (RFC 8617 §4.1.3).</summary>
internal sealed class SealTags
{
    /// <summary>i=, or 0 when it can't be read.</summary>
    public int Instance { get; private set; }

    /// <summary>cv=: none, pass or fail; empty when it is none of these.</summary>
    public string ChainValidation { get; private set; } = "";

    /// <summary>d= in lower-case A-labels, or empty.</summary>
    public string Domain { get; private set; } = "";

    /// <summary>s=, or empty.</summary>
    public string Selector { get; private set; } = "";

    public SignatureAlgorithm Algorithm { get; private set; }

    public byte[] Value { get; private set; } = [];

    public Tag ValueTag { get; private set; }

    /// <summary>Why the field can't be a valid seal, or null.</summary>
    public string? Defect { get; private set; }

    public static SealTags Read(HeaderField field)
    {
        var seal = new SealTags();
        seal.Defect = seal.Read(TagList.Parse(field.RawValue));
        return seal;
    }

    private string? Read(TagList tags)
    {
        Instance = Arc.Instance.Of(tags);
        ChainValidation = tags.Text("cv") is "none" or "pass" or "fail" ? tags.Text("cv")! : "";
        Domain = tags.Name("d");
        Selector = tags.Name("s");
        Algorithm = tags.Text("a") switch
        {
            "rsa-sha256" => SignatureAlgorithm.RsaSha256,
            "ed25519-sha256" => SignatureAlgorithm.Ed25519Sha256,
            _ => SignatureAlgorithm.Unknown,
        };
        if (tags.TryFind("b", out var valueTag) && tags.TryGet("b", out var value))
        {
            ValueTag = valueTag;
            Value = Fws.Base64(value) ?? [];
        }

        return FindDefect(tags);
    }

    private string? FindDefect(TagList tags)
    {
        if (tags.Defect is { } defect)
        {
            return "not a tag list: " + defect;
        }

        // §4.1.3: "the DKIM "h" tag is NOT allowed and, if found, MUST result in a cv status of "fail"".
        if (tags.TryFind("h", out _))
        {
            return "h= is not allowed";
        }

        if (Instance == 0 || ChainValidation.Length == 0)
        {
            return Instance == 0 ? "i= is not an instance" : "cv= is not none, pass or fail";
        }

        if (Domain.Length == 0 || Selector.Length == 0 || Selector.Length + Domain.Length + "._domainkey.".Length > 253)
        {
            return Domain.Length == 0 ? "d= is not a domain name" : "s= is not a selector";
        }

        if (Algorithm == SignatureAlgorithm.Unknown || Value.Length == 0)
        {
            return Value.Length == 0 ? "b= is not base64" : "a= is not an acceptable algorithm";
        }

        return tags.TryGet("t", out var time) && (time.Length is 0 or > 12 || time.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            ? "t= is not a time"
            : null;
    }
}
