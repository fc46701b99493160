using ListServer.Admin.Lists;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>Subscribes one address, changes its role, or lets a suspended member receive again: the operator vouches for the consent.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
public sealed record AddMember(string List, string Address) : UseCase<Member>
{
    /// <summary>As given; may be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>What the member may do; null leaves a present member's role as it is.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>False for a moderator or owner who does not want the posts.</summary>
    public bool IsReceiving { get; init; } = true;

    /// <summary>What was agreed to, in the words that were shown; may be empty. A present member's is left as it is.</summary>
    public string Wording { get; init; } = "";

    /// <inheritdoc/>
    public override async Task<Outcome<Member>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (!MemberAddress.TryParse(Address, out var address, out var error))
        {
            return RefusedUseCase.Invalid(nameof(Address), error!);
        }

        var present = context.Store.FindMember(list.Address, address!);
        if (present is null && Admission.Banned(context, list, address!) is { } banned)
        {
            return banned;
        }

        if (Sublists.Problem(context, list, address!) is { } problem)
        {
            return RefusedUseCase.Conflict(problem);
        }

        var member = present is null
            ? new Member(list.Address, address!, DisplayName, Role ?? MemberRole.Member, context.Time.GetUtcNow(), $"added by {context.Actor}", IsReceiving, Wording: Wording)
            : present with { Role = Role ?? present.Role, IsReceiving = IsReceiving, SuspendedAt = null, DisplayName = DisplayName.Length > 0 ? DisplayName : present.DisplayName };
        if (member == present)
        {
            return RefusedUseCase.Conflict($"{present.Address} is on {list.Address} already.");
        }

        await context.CommitAsync([new MembersSaved(list.Address, [member]), new BouncesForgotten(list.Address, member.Address)], cancellationToken);
        return member;
    }
}
