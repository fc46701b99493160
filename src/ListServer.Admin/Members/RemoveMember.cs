using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>Ends a subscription. Copies that still wait for the address are not sent (AUTH-81).</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
public sealed record RemoveMember(string List, string Address) : UseCase<Member>
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

        await context.Store.CommitAsync([new MembersRemoved(list.Address, [member.Address])], cancellationToken);
        return member;
    }
}
