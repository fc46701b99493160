using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>
/// A copy to a member was refused. At <see cref="BounceScore.Threshold"/> the member is suspended, which is news for the owners; who is no
/// member any more is passed over.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="Refusal">Whose fault it is.</param>
/// <param name="At">When.</param>
/// <param name="Words">The receiver's words.</param>
public sealed record BounceCounted(string List, string Address, RefusalClass Refusal, DateTimeOffset At, string Words) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.BounceScore(List, Address);
        var before = draft.Find<BounceScore>(key);
        if (draft.Find<Member>(TableKey.Member(List, Address)) is not { } member
            || BounceScore.After(before, Refusal, At, Words) is not { } score || score == before)
        {
            return;
        }

        draft.Put(key, score);
        if (score.Score >= BounceScore.Threshold && member.SuspendedAt is null)
        {
            draft.Put(TableKey.Member(List, Address), member with { SuspendedAt = At });
            draft.Put(TableKey.Suspension(List, Address), new Suspension(List, member.Address, At, Words));
            new MemberNewsAdded(new MemberNews(List, member.Address, MemberEvent.Suspended, At, Words)).ApplyTo(draft);
            draft.Tell(WebhookKinds.MemberSuspended, List, At, () => new { member.Address, words = Words });
        }
    }
}

/// <summary>A member begins anew: the refusals so far are forgotten.</summary>
public sealed record BouncesForgotten(string List, string Address) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        draft.Remove(TableKey.BounceScore(List, Address));
        draft.Remove(TableKey.Suspension(List, Address));
    }
}

/// <summary>A suspended member gets copies again, and the refusals so far are forgotten.</summary>
public sealed record MemberResumed(string List, string Address) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.Member(List, Address);
        if (draft.Find<Member>(key) is { SuspendedAt: not null } member)
        {
            draft.Put(key, member with { SuspendedAt = null });
        }

        new BouncesForgotten(List, Address).ApplyTo(draft);
    }
}

/// <summary>Something happened to a member of which the owners are to be told.</summary>
public sealed record MemberNewsAdded(MemberNews News) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.MemberNews(News.List, News.Address, News.Event), News);
}

/// <summary>A probe to a suspended member waits for delivery.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="ProbeId">Its octets in the spool.</param>
/// <param name="At">When.</param>
public sealed record ProbeSent(string List, string Address, string ProbeId, DateTimeOffset At) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.Suspension(List, Address);
        if (draft.Find<Suspension>(key) is { } suspension)
        {
            draft.Put(key, suspension with { Probes = suspension.Probes + 1, ProbedAt = At, ProbeId = ProbeId, Result = ProbeResult.Waiting });
        }
    }
}

/// <summary>It is known what became of a probe; of any but a suspended member's last one this changes nothing.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="ProbeId">Its octets in the spool.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Words">The receiver's words.</param>
public sealed record ProbeEnded(string List, string Address, string ProbeId, ProbeResult Result, string Words) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.Suspension(List, Address);
        if (draft.Find<Suspension>(key) is { } suspension && suspension.After(ProbeId, Result, Words) is var after && after != suspension)
        {
            draft.Put(key, after);
        }
    }
}
