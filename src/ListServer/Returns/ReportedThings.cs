using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Store;

namespace ListServer.Returns;

/// <summary>Finds what a report is about: the member whom a token names, and the post.</summary>
internal static class ReportedThings
{
    /// <summary>The member that a token was made for; null when there is none any more.</summary>
    /// <param name="store">The members.</param>
    /// <param name="list">The list.</param>
    /// <param name="token">A token of the list's.</param>
    /// <param name="named">Whom the report names: most often the member, but somebody else from behind a forwarding address; then all members are gone through.</param>
    public static Member? FindMember(ListStore store, MailingList list, VerpToken token, IEnumerable<string> named) =>
        named.Concat(store.Receivers(list.Address).Destinations.SelectMany(destination => destination.Addresses))
            .Concat(store.Suspensions(list.Address).Select(suspension => suspension.Address))
            .FirstOrDefault(address => token.Names(store.Secret.Span, list.Address, address)) is { } found
            ? store.FindMember(list.Address, found)
            : null;

    /// <summary>The post whose copy has this Message-ID, in angle brackets; null for none.</summary>
    public static Post? FindPost(ListStore store, MailingList list, string messageId)
    {
        if (messageId.Length == 0)
        {
            return null;
        }

        // A post that came without a Message-ID left with one made of its identifier.
        var id = messageId[1..^1].Split('@')[0];
        return store.FindRecentPost(list.Address, messageId)
            ?? (OrderedId.IsValid(id) && store.FindPost(id) is { } post && post.List.Equals(list.Address, StringComparison.OrdinalIgnoreCase) ? post : null);
    }
}
