using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>Ends a subscription. Copies that still wait for the address are not sent (AUTH-81).</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="Evidence">From where, when and how the member said so, in words; empty when somebody else does it.</param>
public sealed record RemoveMember(string List, string Address, string Evidence = "") : UseCase<Member>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Member>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (context.Store.FindMember(list.Address, Address.Trim()) is not { } member)
        {
            return RefusedUseCase.NotFound($"{Address} is not on {list.Address}.");
        }

        var by = Evidence.Length > 0 ? $"left {Evidence}" : $"removed by {context.Actor}";
        await context.CommitAsync([new MembersRemoved(list.Address, [member.Address], context.Time.GetUtcNow(), by)], cancellationToken);
        return member;
    }
}
