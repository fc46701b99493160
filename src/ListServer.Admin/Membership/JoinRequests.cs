using ListServer.Admin.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>Those who want to join and wait for a moderator, by list and address.</summary>
/// <param name="List">Of one list, by its posting address, or null for all.</param>
public sealed record BrowseJoinRequests(string? List) : Query<IReadOnlyList<JoinRequest>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<JoinRequest>> Look(AdminContext context) =>
        List is not null && context.Store.FindList(List) is null ? MissingList.Refuse(List) : Outcome.Done(context.Store.JoinRequests(List));
}

/// <summary>A moderator's decision about somebody who wants to join. They are told of it, with the reason for a refusal.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who waits.</param>
/// <param name="IsAccepted">The decision.</param>
/// <param name="Reason">Why they were refused, in words for them; may be empty.</param>
public sealed record DecideJoin(string List, string Address, bool IsAccepted, string Reason = "") : UseCase<JoinRequest>
{
    private const int LongestReason = 2_000;

    /// <inheritdoc/>
    public override async Task<Outcome<JoinRequest>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (Reason.Length > LongestReason)
        {
            return RefusedUseCase.Invalid($"The reason is longer than {LongestReason} characters.");
        }

        if (context.Store.FindJoinRequest(list.Address, Address.Trim()) is not { } request)
        {
            return RefusedUseCase.NotFound($"{Address} does not wait to join {list.Address}; perhaps somebody decided already.");
        }

        Change[] entry = IsAccepted
            ? Admission.Enter(context, list, request.Address, $"{request.Source}; accepted by {context.Actor}", request.Wording)
            : [];
        var notice = new OwedNotice(
            OrderedId.New(context.Time), IsAccepted ? NoticeKind.Welcome : NoticeKind.JoinRefused, list.Address, request.Address, Reason: Reason.Trim());
        await context.CommitAsync([.. entry, new JoinRequestRemoved(list.Address, request.Address), new NoticeOwed(notice)], cancellationToken);
        return request;
    }
}
