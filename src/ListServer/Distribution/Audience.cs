using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;
using ListServer.Store;

namespace ListServer.Distribution;

/// <summary>Those who get copies of a post as members of one list.</summary>
/// <param name="List">The post's list, or one that is a part of it: what comes back, and a wish to leave, is about this one.</param>
/// <param name="Roster">Who, by domain.</param>
internal sealed record AudiencePart(MailingList List, Roster Roster);

/// <summary>
/// Who gets copies of one post: the list's receivers, without those who want none of this one, and those of the lists that are its members,
/// each address once.
/// </summary>
internal sealed class Audience(ListStore store, OperatorTrust trust)
{
    /// <summary>The post's receivers, those of its own list first.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post.</param>
    /// <param name="raw">Its octets, as they came.</param>
    public ImmutableArray<AudiencePart> Of(MailingList list, Post post, RawMessage raw)
    {
        var named = Addressees.Of(raw);
        var parts = ImmutableArray.CreateBuilder<AudiencePart>();
        var (known, waiting) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase) { list.Address }, new Queue<MailingList>([list]));
        var served = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (waiting.TryDequeue(out var next))
        {
            var roster = store.Receivers(next.Address);
            var sublists = Sublists(next, roster);
            sublists.Where(sublist => known.Add(sublist.Address)).ToList().ForEach(waiting.Enqueue);
            roster = roster.Without([.. sublists.Select(sublist => sublist.Address), .. Unwilling(next, post, named), .. served]);
            parts.Add(new AudiencePart(next, roster));
            if (waiting.Count > 0)
            {
                served.UnionWith(roster.Destinations.SelectMany(destination => destination.Addresses));
            }
        }

        return parts.ToImmutable();
    }

    // Of the list's own domain, whose signature its copies carry; AddMember takes no others.
    private List<MailingList> Sublists(MailingList list, Roster roster) =>
    [
        .. roster.Destinations.Where(destination => destination.Domain == list.Domain)
            .SelectMany(destination => destination.Addresses).Select(store.FindList).OfType<MailingList>().Where(sublist => sublist.Domain == list.Domain),
    ];

    private IEnumerable<string> Unwilling(MailingList list, Post post, ImmutableArray<string> named) =>
        named.Where(address => store.FindMember(list.Address, address) is { AvoidsDuplicates: true }).Concat(Author(list, post));

    // Who did not prove to be the author may not keep from a member what is sent in that member's name.
    private IEnumerable<string> Author(MailingList list, Post post) =>
        AuthorAddress.Of(post.Report) is { } author
        && store.FindMember(list.Address, author) is { OwnCopies: false } member
        && AuthorStanding.Of(post.Report, post.Envelope, trust).State is AuthorState.Verified
            ? [member.Address]
            : [];
}
