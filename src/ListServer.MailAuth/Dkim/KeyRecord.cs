using System.Collections.Concurrent;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>A key record as published at selector._domainkey.domain (RFC 6376 §3.6.1). Immutable and safe for concurrent use.</summary>
internal sealed class KeyRecord
{
    /// <summary>Records read before. Reading is a pure function of the text, so the cache can't be seen but in time saved.</summary>
    private static readonly ConcurrentDictionary<string, KeyRecord> Known = new();
    private const int MaximumKnown = 1000;

    /// <summary>A record of an RSA key of 4096 bits has some 800; what hostile servers send is not kept.</summary>
    private const int MaximumKnownLength = 2000;

    /// <summary>A record of more octets than this is no key record: it would be dear to read, and there are a hundred in a message (AUTH-98).</summary>
    private const int MaximumLength = 4096;

    private KeyRecord(string text, string? defect)
    {
        Text = text;
        Defect = defect;
    }

    /// <summary>The record; each char is one octet.</summary>
    public string Text { get; }

    /// <summary>Why the record gives no key, or null.</summary>
    public string? Defect { get; }

    public PublicKey? Key { get; private init; }

    public bool IsEd25519 { get; private init; }

    /// <summary>t=s: i= must be at d= itself.</summary>
    public bool IsStrict { get; private init; }

    /// <summary>t=y: the domain is trying DKIM out.</summary>
    public bool IsTesting { get; private init; }

    public static KeyRecord Parse(string text)
    {
        if (Known.TryGetValue(text, out var record))
        {
            return record;
        }

        if (text.Length > MaximumLength)
        {
            return new KeyRecord(text, $"the key record is longer than {MaximumLength} octets");
        }

        if (text.Length > MaximumKnownLength)
        {
            return Read(text);
        }

        if (Known.Count >= MaximumKnown)
        {
            Known.Clear();
        }

        return Known[text] = Read(text);
    }

    private static KeyRecord Read(string text)
    {
        var tags = TagList.Parse(Encoding.Latin1.GetBytes(text));
        if (tags.Defect is { } defect)
        {
            return new KeyRecord(text, "the key record is not a tag list: " + defect);
        }

        // §3.6.1 v=: "MUST be the first tag in the record"; "Records beginning with a "v=" tag with any other value MUST be discarded".
        if (tags.Text("v") is { } version && (version != "DKIM1" || tags.First != "v"))
        {
            return new KeyRecord(text, version == "DKIM1" ? "v= is not the first tag of the key record" : "v= of the key record is not DKIM1");
        }

        if (!Lists(tags, "h", "sha256", null))
        {
            return new KeyRecord(text, "h= of the key record does not allow sha256");
        }

        return Lists(tags, "s", "email", "*") ? ReadKey(text, tags) : new KeyRecord(text, "s= of the key record does not allow mail");
    }

    private static KeyRecord ReadKey(string text, TagList tags)
    {
        var type = tags.Text("k") ?? "rsa";
        if (type is not ("rsa" or "ed25519"))
        {
            return new KeyRecord(text, "k= of the key record is not a known key type");
        }

        if (!tags.TryGet("p", out var p) || p.IsEmpty)
        {
            return new KeyRecord(text, tags.TryFind("p", out _) ? "the key is revoked: p= is empty" : "p= is missing from the key record");
        }

        PublicKey? key = null;
        if (Fws.Base64(p) is not { } octets || !(type == "rsa" ? PublicKey.TryReadRsa(octets, out key) : PublicKey.TryReadEd25519(octets, out key)))
        {
            return new KeyRecord(text, $"p= of the key record is not a public key of type {type}");
        }

        return new KeyRecord(text, null)
        {
            Key = key,
            IsEd25519 = type == "ed25519",
            IsStrict = tags.TryFind("t", out _) && Lists(tags, "t", "s", null),
            IsTesting = tags.TryFind("t", out _) && Lists(tags, "t", "y", null),
        };
    }

    /// <summary>True when the tag is absent or its colon-separated list holds one of the two words; unknown words are ignored (§3.6.1).</summary>
    private static bool Lists(TagList tags, string name, string word, string? otherWord)
    {
        if (tags.Text(name) is not { } value)
        {
            return true;
        }

        foreach (var part in value.AsSpan().Split(':'))
        {
            var listed = value.AsSpan(part).Trim(" \t\r\n");
            if (listed.SequenceEqual(word) || (otherWord is not null && listed.SequenceEqual(otherWord)))
            {
                return true;
            }
        }

        return false;
    }
}
