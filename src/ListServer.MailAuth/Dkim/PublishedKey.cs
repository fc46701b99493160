using System.Security.Cryptography;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>A key record as it stands in DNS, for the owner of the key. Immutable and safe for concurrent use.</summary>
public sealed class PublishedKey
{
    private readonly KeyRecord _record;

    private PublishedKey(KeyRecord record, bool isRevoked) => (_record, IsRevoked) = (record, isRevoked);

    /// <summary>Why receivers get no key from it, in words; null when they do.</summary>
    public string? Defect => _record.Defect ?? _record.Key?.Weakness;

    /// <summary>True when p= is empty: the key is taken back (RFC 6376 §3.6.1).</summary>
    public bool IsRevoked { get; }

    /// <summary>Reads a record's text, its strings joined.</summary>
    public static PublishedKey Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tags = TagList.Parse(Encoding.Latin1.GetBytes(text));
        return new PublishedKey(KeyRecord.Parse(text), tags.TryGet("p", out var key) && key.IsEmpty);
    }

    /// <summary>True when receivers verify with it what the private key signs.</summary>
    public bool Verifies(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Defect is not null || _record.Key is not { } published || _record.IsEd25519 != (key is Ed25519SigningKey))
        {
            return false;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(_record.Text));
        return published.Verify(hash, key.Sign(hash));
    }
}
