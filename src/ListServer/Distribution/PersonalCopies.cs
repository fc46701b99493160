using ListServer.Configuration;
using ListServer.Lists.Bounces;
using ListServer.Lists.Cooking;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Outbound;
using ListServer.Store;
using ListServer.Store.Queue;

namespace ListServer.Distribution;

/// <summary>
/// Makes members' own copies as they leave: a one-click List-Unsubscribe (RFC 8058) and a DKIM-Signature over it, under the seal that all share.
/// They leave with a reverse-path of their own (VERP, AUTH-54), which is all that is a member's own where the list wants no more: then
/// the octets, signed once, are those of all. The same recipient gets the same octets however often it is tried: the
/// signature's time is the group's.
/// </summary>
internal sealed class PersonalCopies(ListStore store, SigningKeys keys, ServerOptions options)
{
    private const int FieldsOfSeal = 3;

    /// <summary>What is one member's own; null when the domain's key can't be read now.</summary>
    /// <param name="group">The group it belongs to.</param>
    /// <param name="recipient">The member.</param>
    /// <param name="shared">The copy as it was queued.</param>
    /// <param name="body">Its body's hash.</param>
    public PersonalPart? Make(QueueGroup group, QueueRecipient recipient, RawMessage shared, BodyHash body)
    {
        var reversePath = VerpToken.ReversePath(store.Secret.Span, group.List, recipient.Address, group.CreatedAt);
        if (recipient.Data == Distributor.VerpMark)
        {
            return new PersonalPart(reversePath, null);
        }

        if (store.FindList(group.List) is not { } list || keys.Find(list.Domain, out _) is not { } identity)
        {
            return null;
        }

        // Wire order: ARC set, DKIM-Signature (ours), List-*, the rest.
        var sealLength = shared.Fields.TakeWhile(field => field.Name.StartsWith("ARC-", StringComparison.OrdinalIgnoreCase)).Take(FieldsOfSeal).Count();
        var own = shared.Fields.RemoveRange(0, sealLength);
        if (Link(list.Address, recipient.Address) is { } link)
        {
            own = OneClick.Put(own, list, link);
        }

        var signature = new DkimSigner(identity, time: new FixedTime(group.CreatedAt)).Sign(own, body);
        return new PersonalPart(reversePath, Join(shared.Fields.AsSpan(0, sealLength), signature, own.AsSpan()));
    }

    // RFC 8058 §3.1 wants an HTTPS URI; without one there is the -leave address alone.
    private Uri? Link(string list, string recipient) =>
        options.Web.BaseUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? new Uri($"{options.Web.BaseUrl.TrimEnd('/')}/u/{MemberToken.Make(store.Secret.Span, MemberToken.Leave, list, recipient)}")
            : null;

    private static byte[] Join(ReadOnlySpan<HeaderField> seal, ReadOnlySpan<byte> signature, ReadOnlySpan<HeaderField> own)
    {
        var header = new byte[Length(seal) + signature.Length + Length(own) + 2];
        var rest = Put(seal, header);
        signature.CopyTo(rest);
        "\r\n"u8.CopyTo(Put(own, rest[signature.Length..]));
        return header;
    }

    private static int Length(ReadOnlySpan<HeaderField> fields)
    {
        var length = 0;
        foreach (var field in fields)
        {
            length += field.Octets.Length;
        }

        return length;
    }

    private static Span<byte> Put(ReadOnlySpan<HeaderField> fields, Span<byte> into)
    {
        foreach (var field in fields)
        {
            field.Octets.Span.CopyTo(into);
            into = into[field.Octets.Length..];
        }

        return into;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
