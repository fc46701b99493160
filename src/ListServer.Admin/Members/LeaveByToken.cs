using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>What a leave link stands for.</summary>
/// <param name="ListName">The list's display name.</param>
/// <param name="Address">The member's address.</param>
/// <param name="IsMember">False when the address has left already.</param>
public sealed record LeaveLink(string ListName, string Address, bool IsMember);

/// <summary>Shows what a leave link stands for; changes nothing (SEC-27).</summary>
/// <param name="Token">The token in the link.</param>
public sealed record ShowLeaveLink(string Token) : Query<LeaveLink>
{
    /// <inheritdoc/>
    protected override Outcome<LeaveLink> Look(AdminContext context) =>
        Open(context, Token) is var (list, address)
            ? new LeaveLink(list.DisplayName, address, context.Store.FindMember(list.Address, address) is not null)
            : Unknown;

    internal static RefusedUseCase Unknown => RefusedUseCase.NotFound("This link is not one of ours, or its list is gone.");

    internal static (MailingList List, string Address)? Open(AdminContext context, string token) =>
        MemberToken.TryOpen(context.Store.Secret.Span, MemberToken.Leave, token, out var listAddress, out var address)
            && context.Store.FindList(listAddress) is { } list ? (list, address) : null;
}

/// <summary>Ends the subscription that a leave link stands for (RFC 8058). Done twice, it is done.</summary>
/// <param name="Token">The token in the link.</param>
public sealed record LeaveByToken(string Token) : UseCase<LeaveLink>
{
    /// <inheritdoc/>
    public override async Task<Outcome<LeaveLink>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowLeaveLink.Open(context, Token) is not var (list, address))
        {
            return ShowLeaveLink.Unknown;
        }

        if (context.Store.FindMember(list.Address, address) is { } member)
        {
            await context.CommitAsync(
                [new MembersRemoved(list.Address, [member.Address], context.Time.GetUtcNow(), "left by the link in a copy")], cancellationToken);
        }

        return new LeaveLink(list.DisplayName, address, IsMember: false);
    }
}
