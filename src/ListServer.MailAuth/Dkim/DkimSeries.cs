using System.Buffers;
using System.Collections.Immutable;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// Signs headers that differ in one field only, as the copies to each member of a list do. What they share is put into canonical form once, so
/// that a copy costs its own field, one hash and the key (AUTH-34). Each signature is, octet for octet, the one that <see cref="DkimSigner"/>
/// makes of that header at the moment at which the series began. From <see cref="DkimSigner.Series"/>.
/// </summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class DkimSeries
{
    private readonly FoldedTags _tags;
    private readonly SigningKey _key;
    private readonly string _name;
    private readonly bool _coversOwn;
    private readonly byte[] _before;
    private readonly byte[] _behind;

    internal DkimSeries(FoldedTags tags, ImmutableArray<HeaderField> fields, int own, BodyHash body, SignedFields signed, SigningKey key)
    {
        (_tags, _key, _name) = (tags, key, fields[own].Name);
        var index = new FieldIndex(fields);
        var names = MessageSignature.Open(tags, index, body, signed);
        var (before, behind) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        foreach (var at in index.Positions(names, excluded: -1))
        {
            if (at == own)
            {
                _coversOwn = true;
            }
            else
            {
                HeaderCanonicalizer.Write(fields[at].Octets.Span, Canonicalization.Relaxed, _coversOwn ? behind : before);
            }
        }

        HeaderCanonicalizer.Write(tags.Written, Canonicalization.Relaxed, behind, withLineEnd: false);
        (_before, _behind) = (before.WrittenSpan.ToArray(), behind.WrittenSpan.ToArray());
    }

    /// <summary>Signs one of the headers.</summary>
    /// <param name="own">Its own field.</param>
    /// <returns>The field to stand above the others, its folds and final CRLF included.</returns>
    /// <exception cref="ArgumentException">The field has another name than the one that the series was made with.</exception>
    public byte[] Sign(HeaderField own)
    {
        if (!own.Is(_name))
        {
            throw new ArgumentException($"The field of this series is {_name}.", nameof(own));
        }

        Span<byte> digest = stackalloc byte[OctetHash.Size];
        using (var hash = OctetHash.Rent())
        {
            hash.Write(_before);
            if (_coversOwn)
            {
                HeaderCanonicalizer.Write(own.Octets.Span, Canonicalization.Relaxed, hash);
            }

            hash.Write(_behind);
            hash.Finish(digest);
        }

        return _tags.Close(_key.Sign(digest));
    }
}
