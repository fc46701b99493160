using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;

namespace ListServer.Distribution;

/// <summary>What the personal copies of one post have in common, made once: with it a copy costs its link, one hash and one use of the key.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class AlikeCopies
{
    private const int FieldsOfSeal = 3;
    private static readonly byte[] End = "\r\n"u8.ToArray();

    private readonly MailingList _list;
    private readonly SigningIdentity _identity;
    private readonly DateTimeOffset _signedAt;
    private readonly Lazy<byte[]> _withoutLink;
    private readonly Lazy<Parts>? _withLink;

    /// <summary>Copies of a shared copy.</summary>
    /// <param name="list">The list.</param>
    /// <param name="identity">Who signs.</param>
    /// <param name="signedAt">The signatures' time.</param>
    /// <param name="shared">The copy as it was queued.</param>
    /// <param name="body">The hash of its body.</param>
    public AlikeCopies(MailingList list, SigningIdentity identity, DateTimeOffset signedAt, RawMessage shared, BodyHash body)
    {
        (_list, _identity, _signedAt) = (list, identity, signedAt);
        var signer = new DkimSigner(identity, time: new FixedTime(signedAt));

        // Wire order: ARC set, DKIM-Signature (ours), List-*, the rest.
        var sealLength = shared.Fields.TakeWhile(field => field.Name.StartsWith("ARC-", StringComparison.OrdinalIgnoreCase)).Take(FieldsOfSeal).Count();
        var seal = Join(shared.Fields[..sealLength]);
        var own = shared.Fields[sealLength..];
        _withoutLink = new Lazy<byte[]>(() => Join(seal, signer.Sign(own, body), Join(own), End));
        var place = OneClick.PlaceIn(own);
        _withLink = place < 0 ? null : new Lazy<Parts>(() =>
        {
            var linked = OneClick.Put(own, list, new Uri("https://list.invalid/"));
            return new Parts(seal, Join(linked[..place]), Join(Join(linked[(place + 1)..]), End), signer.Series(linked, place, body));
        });
    }

    /// <summary>True when copies of this list, signed by this identity at this time, are alike with those.</summary>
    public bool IsOf(MailingList list, SigningIdentity identity, DateTimeOffset signedAt) =>
        ReferenceEquals(list, _list) && ReferenceEquals(identity, _identity) && signedAt == _signedAt;

    /// <summary>The header block of a member's copy, the empty line included.</summary>
    /// <param name="link">The member's own link to leave by; null for none.</param>
    public byte[] Header(string? link)
    {
        if (link is null || _withLink is null)
        {
            return _withoutLink.Value;
        }

        var (seal, above, below, series) = _withLink.Value;
        var own = OneClick.Link(_list, link);
        return Join(seal, series.Sign(own), above, own.Octets, below);
    }

    private static byte[] Join(ImmutableArray<HeaderField> fields) => Join([.. fields.Select(field => field.Octets)]);

    // Part by part: a collection expression goes octet by octet, which was to be seen in the profile.
    private static byte[] Join(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += part.Length;
        }

        var joined = new byte[length];
        var rest = joined.AsSpan();
        foreach (var part in parts)
        {
            part.Span.CopyTo(rest);
            rest = rest[part.Length..];
        }

        return joined;
    }

    /// <param name="Seal">The ARC set.</param>
    /// <param name="Above">What stands between our signature and the link.</param>
    /// <param name="Below">What stands below the link, the empty line included.</param>
    /// <param name="Series">Makes the signatures.</param>
    private sealed record Parts(byte[] Seal, byte[] Above, byte[] Below, DkimSeries Series);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
