using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;
using ListServer.Store;

namespace ListServer.Distribution;

/// <summary>Who gets copies of one post: the list's receivers, without those who want none of this one.</summary>
internal sealed class Audience(ListStore store, OperatorTrust trust)
{
    /// <summary>The post's receivers, by domain.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post.</param>
    /// <param name="raw">Its octets, as they came.</param>
    public Roster Of(MailingList list, Post post, RawMessage raw)
    {
        string[] without = [.. Addressees.Of(raw).Where(address => store.FindMember(list.Address, address) is { AvoidsDuplicates: true }), .. Author(list, post)];
        return store.Receivers(list.Address).Without(without);
    }

    // Who did not prove to be the author may not keep from a member what is sent in that member's name.
    private IEnumerable<string> Author(MailingList list, Post post) =>
        post.Report.Author.IsValid
        && store.FindMember(list.Address, post.Report.Author.Address!) is { OwnCopies: false } member
        && AuthorStanding.Of(post.Report, post.Envelope, trust).State is AuthorState.Verified
            ? [member.Address]
            : [];
}
