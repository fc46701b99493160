using ListServer.Admin.Held;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;

namespace ListServer.Admin.Membership;

/// <summary>What a link in a notice of somebody who wants to join stands for.</summary>
/// <param name="Verdict">What it decides.</param>
/// <param name="ListName">The list's display name.</param>
/// <param name="Moderator">To whom it was sent.</param>
/// <param name="Address">Who wants to join.</param>
/// <param name="Request">The request while it waits; null once somebody has decided.</param>
/// <param name="IsMember">True when the address is a member now.</param>
public sealed record JoinLink(JoinVerdict Verdict, string ListName, string Moderator, string Address, JoinRequest? Request, bool IsMember)
{
    /// <summary>The verdict and the question that a token stands for, or null: it is unknown, too old, or its owner no longer runs the list.</summary>
    internal static (JoinVerdict Verdict, Confirmation Question, MailingList List)? Open(AdminContext context, string token) =>
        context.Store.FindConfirmation(ConfirmationToken.Hash(token)) is { Join: not null } question
        && VerdictOf(question.Kind) is { } verdict
        && context.Store.FindList(question.List) is { } list
        && HeldLink.IsRunner(context, list, question.Address)
            ? (verdict, question, list)
            : null;

    /// <summary>How it stands now. A request that came after the decision about this one is another.</summary>
    internal static JoinLink Of(AdminContext context, JoinVerdict verdict, Confirmation question, MailingList list)
    {
        var asked = question.Join!;
        var request = context.Store.FindJoinRequest(list.Address, asked.Address) is { } waiting && waiting.RequestedAt == asked.RequestedAt ? waiting : null;
        return new JoinLink(verdict, list.DisplayName, question.Address, asked.Address, request, context.Store.FindMember(list.Address, asked.Address) is not null);
    }

    private static JoinVerdict? VerdictOf(ConfirmationKind kind) => kind switch
    {
        ConfirmationKind.AcceptJoin => JoinVerdict.Accept,
        ConfirmationKind.RefuseJoin => JoinVerdict.Refuse,
        ConfirmationKind.BanJoin => JoinVerdict.Ban,
        _ => null,
    };
}

/// <summary>Shows what a link in a notice of somebody who wants to join stands for; changes nothing (SEC-27).</summary>
/// <param name="Token">The token in the link.</param>
public sealed record ShowJoinLink(string Token) : Query<JoinLink>
{
    /// <inheritdoc/>
    protected override Outcome<JoinLink> Look(AdminContext context) =>
        JoinLink.Open(context, Token) is var (verdict, question, list) ? JoinLink.Of(context, verdict, question, list) : HeldLink.Unknown;
}

/// <summary>
/// Decides about somebody who wants to join with a token that was sent to somebody who runs the list, and to nobody else (AUTH-95): whoever brings it
/// needs no other authority. The first decision stands, and who comes later is told so.
/// </summary>
/// <param name="Token">As it came back.</param>
/// <param name="Evidence">How it came back, in words, for the record.</param>
/// <param name="Reason">See <see cref="DecideJoin.Reason"/>.</param>
public sealed record DecideJoinByToken(string Token, string Evidence, string Reason = "") : UseCase<JoinLink>
{
    /// <inheritdoc/>
    public override async Task<Outcome<JoinLink>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (JoinLink.Open(context, Token) is not var (verdict, question, list))
        {
            return HeldLink.Unknown;
        }

        if (JoinLink.Of(context, verdict, question, list).Request is not { } request)
        {
            return RefusedUseCase.Conflict($"{question.Join!.Address} does not wait to join {list.Address} any more: somebody has decided already.");
        }

        var decide = new DecideJoin(list.Address, request.Address, verdict, verdict is JoinVerdict.Accept ? "" : Reason);
        return await decide.RunAsync(context with { Actor = $"{question.Address} {Evidence}" }, cancellationToken) is Outcome<JoinRequest>.Refused(var kind, var message)
            ? new RefusedUseCase(kind, message)
            : JoinLink.Of(context, verdict, question, list);
    }
}
