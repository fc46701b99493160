using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>Members are new or different. An import is many of these, of up to about 1,000 members each.</summary>
public sealed record MembersSaved(string List, ImmutableArray<Member> Members) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var added = new List<Member>();
        foreach (var member in Members)
        {
            var key = TableKey.Member(List, member.Address);
            if (draft.Find(key) is null)
            {
                added.Add(member);
            }

            draft.Put(key, member);
        }

        MemberCount.Move(draft, List, added.Count);
        if (added.Count > 0)
        {
            draft.Tell(WebhookKinds.MemberJoined, List, added[0].JoinedAt, () => new { members = added.Select(m => new { m.Address, m.DisplayName, m.Role }) });
        }
    }
}

/// <summary>Addresses are no longer members; those that never were are passed over. What they had consented to is kept as evidence (AUTH-83).</summary>
/// <param name="List">The posting address.</param>
/// <param name="Addresses">Who.</param>
/// <param name="At">When; null in records of before there was evidence.</param>
/// <param name="By">By whom and how, in words.</param>
public sealed record MembersRemoved(string List, ImmutableArray<string> Addresses, DateTimeOffset? At = null, string By = "") : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var removed = new List<string>();
        foreach (var address in Addresses)
        {
            var key = TableKey.Member(List, address);
            if (draft.Find<Member>(key) is { } member)
            {
                draft.Remove(key);
                draft.Remove(TableKey.BounceScore(List, address));
                draft.Remove(TableKey.Suspension(List, address));
                removed.Add(member.Address);
                if (At is { } at)
                {
                    draft.Put(TableKey.Consent(List, address, at), Consent.Of(member) with { WithdrawnAt = at, WithdrawnBy = By });
                }
            }
        }

        MemberCount.Move(draft, List, -removed.Count);
        if (removed.Count > 0)
        {
            draft.Tell(WebhookKinds.MemberLeft, List, At, () => new { members = removed.Select(address => new { address }) });
        }
    }
}

/// <summary>How many members a list has, kept so that nobody need count.</summary>
internal sealed record MemberCount(int Count)
{
    public static void Move(Draft draft, string list, int by)
    {
        if (by != 0)
        {
            var key = TableKey.MemberCount(list);
            draft.Put(key, new MemberCount((draft.Find<MemberCount>(key)?.Count ?? 0) + by));
        }
    }
}
