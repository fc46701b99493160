using System.Runtime.CompilerServices;
using ListServer.Configuration;
using ListServer.Lists;
using ListServer.Lists.Bounces;
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
    private readonly ConditionalWeakTable<RawMessage, AlikeCopies> _alike = [];

    // RFC 8058 §3.1 wants an HTTPS URI; without one there is the -leave address alone.
    private readonly string? _pages = options.Web.BaseUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        ? new Uri($"{options.Web.BaseUrl.TrimEnd('/')}/u/").AbsoluteUri
        : null;

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

        var header = Alike(list, identity, group.CreatedAt, shared, body).Header(_pages is null ? null : Link(list.Address, recipient.Address));
        return new PersonalPart(reversePath, header);
    }

    private string Link(string list, string recipient) => _pages + MemberToken.Make(store.Secret.Span, MemberToken.Leave, list, recipient);

    private AlikeCopies Alike(MailingList list, SigningIdentity identity, DateTimeOffset signedAt, RawMessage shared, BodyHash body)
    {
        if (_alike.TryGetValue(shared, out var known) && known.IsOf(list, identity, signedAt))
        {
            return known;
        }

        var made = new AlikeCopies(list, identity, signedAt, shared, body);
        _alike.AddOrUpdate(shared, made);
        return made;
    }
}
