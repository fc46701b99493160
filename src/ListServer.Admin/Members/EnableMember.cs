using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>Lets a suspended member receive again; what came back so far is forgotten.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
public sealed record EnableMember(string List, string Address) : UseCase<Member>
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

        if (member.SuspendedAt is null)
        {
            return RefusedUseCase.Conflict($"{member.Address} is not suspended.");
        }

        await context.CommitAsync(new MemberResumed(list.Address, member.Address), cancellationToken);
        return context.Store.FindMember(list.Address, member.Address)!;
    }
}
