using ListServer.Lists;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>A domain is new or different.</summary>
public sealed record DomainSaved(MailDomain Domain) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Domain(Domain.Name), Domain);
}

/// <summary>A domain is gone.</summary>
public sealed record DomainRemoved(string Name) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        draft.Remove(TableKey.Domain(Name));
        draft.Keys(TableKey.Templates(Name), int.MaxValue).ForEach(draft.Remove);
    }
}

/// <summary>A list is new or its settings are different.</summary>
public sealed record ListSaved(MailingList List) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.List(List.Address), List);
}

/// <summary>A list is gone, and with it its members, what came back from them, its incidents, its webhooks, what was decided about authors, and its count of posts. Its posts and their traces stay.</summary>
public sealed record ListRemoved(string Address) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        draft.Remove(TableKey.List(Address));
        draft.Remove(TableKey.MemberCount(Address));
        draft.Remove(TableKey.Serial(Address));
        draft.Remove(TableKey.OwnersTold(Address));
        draft.Remove(TableKey.LastDigest(Address));
        WebhookNews.Of(draft, Address).ToList().ForEach(hook => new WebhookRemoved(hook).ApplyTo(draft));
        foreach (var prefix in new[]
        {
            TableKey.Members(Address), TableKey.BounceScores(Address), TableKey.Suspensions(Address), TableKey.MemberNews(Address), TableKey.Incidents(Address), TableKey.AuthorRules(Address), TableKey.JoinRequests(Address),
            TableKey.DigestPosts(Address), TableKey.Bans(Address), TableKey.Templates(Address), TableKey.AnnouncementDrafts(Address),
        })
        {
            draft.Keys(prefix, int.MaxValue).ForEach(draft.Remove);
        }
    }
}

/// <summary>An account is new or different.</summary>
public sealed record AccountSaved(Account Account) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Account(Account.Name), Account);
}

/// <summary>An account is gone.</summary>
public sealed record AccountRemoved(string Name) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Account(Name));
}

/// <summary>A question was asked.</summary>
public sealed record ConfirmationSaved(Confirmation Confirmation) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Confirmation(Confirmation.TokenHash), Confirmation);
}

/// <summary>A question was answered: its token works once.</summary>
public sealed record ConfirmationRemoved(string TokenHash) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Confirmation(TokenHash));
}
