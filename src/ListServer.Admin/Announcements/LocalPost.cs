using ListServer.Lists;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.Store;

namespace ListServer.Admin.Announcements;

/// <summary>A message that somebody here sends to a list and stands for, as the post that it becomes.</summary>
/// <param name="List">The list.</param>
/// <param name="Message">The octets.</param>
/// <param name="Verified">What was found out about them.</param>
/// <param name="By">Who stands for it.</param>
public sealed record LocalPost(MailingList List, RawMessage Message, Verified Verified, string By)
{
    /// <summary>The post, named by the clock.</summary>
    public Post ToPost(ListStore store, TimeProvider time) => Verified.ToPost(List.Address, OrderedId.New(time), Message, time.GetUtcNow()) with
    {
        Envelope = Verified.Envelope with { Account = IsOurs(store) ? Verified.Report.Author.Address : null },
        ApprovedBy = By,
        IsAnnouncement = true,
    };

    /// <summary>What the rules say that hold for what was accepted, too.</summary>
    public ModerationDecision Judge(Post post, ListStore store, OperatorTrust trust) => Moderator.Decide(new Candidate
    {
        List = List,
        Envelope = post.Envelope,
        Report = Verified.Report,
        Message = Message,
        Author = store.FindMember(List.Address, post.Envelope.ReversePath),
        Trust = trust,
        ApprovedBy = By,
    });

    /// <summary>
    /// Whose name an operator of this server may use: addresses of our domains and accounts, and those who run the list. Anybody else's mail
    /// goes too, marked as not verified (AUTH-70).
    /// </summary>
    private bool IsOurs(ListStore store) => Verified.Report.Author.Domain is { } domain
        && (store.FindDomain(domain) is not null
            || store.FindMember(List.Address, Verified.Envelope.ReversePath) is { Role: MemberRole.Owner or MemberRole.Moderator }
            || store.Accounts.Any(account => account.Addresses.Contains(Verified.Envelope.ReversePath, StringComparer.OrdinalIgnoreCase)));
}
