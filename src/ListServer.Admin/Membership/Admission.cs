using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>How somebody gets in who consented: at once, or with a moderator's leave.</summary>
internal static class Admission
{
    private const int MostWaiting = 1_000;

    public static RefusedUseCase Closed(MailingList list) =>
        new(Refusal.NotAllowed, $"{list.Address} takes new members by invitation only.");

    /// <summary>The refusal of an address that is banned; null for all others.</summary>
    public static RefusedUseCase? Banned(AdminContext context, MailingList list, string address) => context.Store.FindBan(list.Address, address) is { } ban
        ? new RefusedUseCase(Refusal.NotAllowed, $"{address} may not join {list.Address}: {ban.Pattern} is banned. 'listserver ban remove' lifts a ban.")
        : null;

    /// <summary>True on a list where a moderator decides about those who ask.</summary>
    public static bool IsModerated(MailingList list) => list.Subscription is SubscriptionPolicy.Moderate or SubscriptionPolicy.ConfirmThenModerate;

    /// <summary>The changes that make an address a member.</summary>
    public static Change[] Enter(AdminContext context, MailingList list, string address, string source, string wording) =>
        [new MembersSaved(list.Address, [new Member(list.Address, address, "", MemberRole.Member, context.Time.GetUtcNow(), source, Wording: wording)])];

    /// <summary>The changes that make an address wait for a moderator: who waits already waits on, and nobody is told again.</summary>
    public static Outcome<Change[]> Wait(AdminContext context, MailingList list, string address, string source, string wording)
    {
        if (context.Store.FindJoinRequest(list.Address, address) is not null)
        {
            return Array.Empty<Change>();
        }

        if (context.Store.JoinRequests(list.Address).Count >= MostWaiting)
        {
            return new RefusedUseCase(Refusal.TryLater, $"{MostWaiting} people wait for the moderators of {list.Address} already. Please try again later.");
        }

        return new Change[]
        {
            new JoinRequestSaved(new JoinRequest(list.Address, address, context.Time.GetUtcNow(), source, wording)),
            new NoticeOwed(new OwedNotice(OrderedId.New(context.Time), NoticeKind.JoinWaits, list.Address, address)),
            new NoticeOwed(new OwedNotice(OrderedId.New(context.Time), NoticeKind.JoinRequested, list.Address, "", About: address)),
        };
    }
}
