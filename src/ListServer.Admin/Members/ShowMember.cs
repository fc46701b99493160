using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Bounces;

namespace ListServer.Admin.Members;

/// <summary>A member, and how often copies to them were refused lately.</summary>
/// <param name="Member">The subscription.</param>
/// <param name="Bounces">Null when nothing came back.</param>
/// <param name="Suspension">Null unless delivery is stopped: why, and what became of the probes.</param>
public sealed record MemberDetail(Member Member, BounceScore? Bounces, Suspension? Suspension = null);

/// <summary>One member of a list.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
public sealed record ShowMember(string List, string Address) : Query<MemberDetail>
{
    /// <inheritdoc/>
    protected override Outcome<MemberDetail> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        return context.Store.FindMember(list.Address, Address.Trim()) is { } member
            ? new MemberDetail(member, context.Store.FindBounceScore(list.Address, member.Address), context.Store.FindSuspension(list.Address, member.Address))
            : RefusedUseCase.NotFound($"{Address} is not on {list.Address}.");
    }
}
