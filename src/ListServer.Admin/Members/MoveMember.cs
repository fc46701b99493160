using ListServer.Admin.Lists;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>Moves a subscription to another address, with its role and settings: the operator vouches for both.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="NewAddress">What takes its place.</param>
public sealed record MoveMember(string List, string Address, string NewAddress) : UseCase<Member>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Member>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (!MemberAddress.TryParse(NewAddress, out var to, out var error))
        {
            return RefusedUseCase.Invalid(nameof(NewAddress), error!);
        }

        if (Problem(context, list, Address.Trim(), to!) is { } problem)
        {
            return problem;
        }

        var changes = Changes(context, list, Address.Trim(), to!, $"by {context.Actor}");
        await context.CommitAsync(changes, cancellationToken);
        return context.Store.FindMember(list.Address, to!)!;
    }

    /// <summary>Why a subscription can't move, or null when it can.</summary>
    internal static RefusedUseCase? Problem(AdminContext context, MailingList list, string from, string to)
    {
        if (context.Store.FindMember(list.Address, from) is not { } present)
        {
            return RefusedUseCase.NotFound($"{from} is not on {list.Address}.");
        }

        if (context.Store.FindList(to) is not null)
        {
            return RefusedUseCase.Invalid($"{to} is a list.");
        }

        return context.Store.FindMember(list.Address, to) is { } other && !other.Address.Equals(present.Address, StringComparison.OrdinalIgnoreCase)
            ? RefusedUseCase.Conflict($"{other.Address} is on {list.Address} already.")
            : Admission.Banned(context, list, to);
    }

    /// <summary>The changes that move it. What came back from the old address is forgotten, and its consent is kept as evidence (AUTH-83).</summary>
    internal static Change[] Changes(AdminContext context, MailingList list, string from, string to, string by)
    {
        var present = context.Store.FindMember(list.Address, from)!;
        var moved = present with { Address = to, SuspendedAt = null, Source = $"{present.Source}; moved from {present.Address} {by}" };
        return
        [
            new MembersRemoved(list.Address, [present.Address], context.Time.GetUtcNow(), $"moved to {to} {by}"),
            new MembersSaved(list.Address, [moved]),
        ];
    }
}
