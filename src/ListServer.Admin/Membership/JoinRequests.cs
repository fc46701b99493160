using ListServer.Admin.Bans;
using ListServer.Admin.Lists;
using ListServer.Lists;
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

/// <summary>What a moderator decides about somebody who wants to join.</summary>
public enum JoinVerdict
{
    /// <summary>They are a member now, and are welcomed.</summary>
    Accept,

    /// <summary>They are none, are told, and may ask again.</summary>
    Refuse,

    /// <summary>They are none, are not told, and may never ask this list again.</summary>
    Ban,
}

/// <summary>A moderator's decision about somebody who wants to join. They are told of it, with the reason for a refusal, unless they are banned.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who waits.</param>
/// <param name="Verdict">The decision.</param>
/// <param name="Reason">Why they were refused, in words for them; with a ban, for those who run the list. May be empty.</param>
public sealed record DecideJoin(string List, string Address, JoinVerdict Verdict, string Reason = "") : UseCase<JoinRequest>
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

        string? pattern = null;
        if (Verdict is JoinVerdict.Ban && (request.Address.AsSpan().ContainsAny('*', '?') || !BanPattern.TryParse(request.Address, out pattern, out _)))
        {
            return RefusedUseCase.Invalid($"{request.Address} would be a pattern that stops others, too. Refuse it, and write a ban of your own: 'listserver ban add'.");
        }

        await context.CommitAsync([new JoinRequestRemoved(list.Address, request.Address), .. Consequences(context, list, request, pattern)], cancellationToken);
        return request;
    }

    private Change[] Consequences(AdminContext context, MailingList list, JoinRequest request, string? pattern) => Verdict switch
    {
        JoinVerdict.Accept =>
        [
            .. Admission.Enter(context, list, request.Address, $"{request.Source}; accepted by {context.Actor}", request.Wording),
            Told(context, NoticeKind.Welcome, request),
        ],
        JoinVerdict.Refuse => [Told(context, NoticeKind.JoinRefused, request)],
        _ when Admission.Banned(context, list, request.Address) is not null => [],
        _ => [new BanSaved(new Ban(list.Address, pattern!, context.Time.GetUtcNow(), context.Actor, Line(Reason)))],
    };

    private NoticeOwed Told(AdminContext context, NoticeKind kind, JoinRequest request) =>
        new(new OwedNotice(OrderedId.New(context.Time), kind, request.List, request.Address, Reason: Reason.Trim()));

    private static string Line(string reason)
    {
        var line = string.Join(' ', reason.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line[..Math.Min(line.Length, AddBan.LongestReason)];
    }
}
