using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>What an answer did.</summary>
/// <param name="Kind">Joined, left, or receives otherwise.</param>
/// <param name="List">The list.</param>
/// <param name="Address">The address that was asked.</param>
/// <param name="IsChanged">False when it was a member, or none, already.</param>
/// <param name="IsWaiting">True when a moderator has to agree yet.</param>
public sealed record Confirmed(ConfirmationKind Kind, MailingList List, string Address, bool IsChanged, bool IsWaiting = false);

/// <summary>Does what a question asked about. Whoever brings the token received it at the address; it works once.</summary>
/// <param name="Token">As it came back.</param>
/// <param name="Evidence">From where, when and how it came back, in words: kept with the subscription (AUTH-83).</param>
public sealed record ConfirmByToken(string Token, string Evidence) : UseCase<Confirmed>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Confirmed>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var hash = ConfirmationToken.Hash(Token);
        if (context.Store.FindConfirmation(hash) is not { Kind: ConfirmationKind.Join or ConfirmationKind.Invite or ConfirmationKind.Leave or ConfirmationKind.Set } question
            || context.Store.FindList(question.List) is not { } list)
        {
            return RefusedUseCase.NotFound("This token is not known: it was used already, or is too old. Please begin anew.");
        }

        var changes = Changes(context, list, question);
        if (changes is not Outcome<Change[]>.Done(var made))
        {
            return changes is Outcome<Change[]>.Refused(var kind, var message) ? new RefusedUseCase(kind, message) : throw new InvalidOperationException("An outcome is done or refused.");
        }

        await context.CommitAsync([new ConfirmationRemoved(hash), .. made], cancellationToken);
        var kindDone = question.Kind is ConfirmationKind.Invite ? ConfirmationKind.Join : question.Kind;
        var isWaiting = kindDone is ConfirmationKind.Join && context.Store.FindJoinRequest(list.Address, question.Address) is not null;
        return new Confirmed(kindDone, list, question.Address, made.Length > 0, isWaiting);
    }

    private Outcome<Change[]> Changes(AdminContext context, MailingList list, Confirmation question)
    {
        var source = $"double opt-in; asked for {question.Evidence}; confirmed {Evidence}";
        return (question.Kind, context.Store.FindMember(list.Address, question.Address)) switch
        {
            (ConfirmationKind.Leave, { } present) => new Change[]
            {
                new MembersRemoved(list.Address, [present.Address], context.Time.GetUtcNow(), $"left; asked for {question.Evidence}; confirmed {Evidence}"),
            },
            (ConfirmationKind.Set, { } present) => question.Preferences!.Problem(context.Time.GetUtcNow()) is { } problem
                ? RefusedUseCase.Invalid(problem)
                : new Change[] { new MembersSaved(list.Address, [question.Preferences.ApplyTo(present)]) },
            (ConfirmationKind.Join or ConfirmationKind.Invite, null) when Admission.Banned(context, list, question.Address) is { } banned => banned,
            (ConfirmationKind.Join, null) when list.Subscription is SubscriptionPolicy.Closed => Admission.Closed(list),
            (ConfirmationKind.Join, null) when Admission.IsModerated(list) => Admission.Wait(context, list, question.Address, source, question.Wording),
            (ConfirmationKind.Join or ConfirmationKind.Invite, null) => Admission.Enter(context, list, question.Address, source, question.Wording),
            _ => Array.Empty<Change>(),
        };
    }
}
