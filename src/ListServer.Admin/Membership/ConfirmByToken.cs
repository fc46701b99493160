using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>What an answer did.</summary>
/// <param name="Kind">Joined or left.</param>
/// <param name="List">The list.</param>
/// <param name="Address">The address that was asked.</param>
/// <param name="IsChanged">False when it was a member, or none, already.</param>
public sealed record Confirmed(ConfirmationKind Kind, MailingList List, string Address, bool IsChanged);

/// <summary>Does what a question asked about. Whoever brings the token received it at the address; it works once.</summary>
/// <param name="Token">As it came back.</param>
/// <param name="Evidence">From where, when and how it came back, in words: kept with the subscription (AUTH-83).</param>
public sealed record ConfirmByToken(string Token, string Evidence) : UseCase<Confirmed>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Confirmed>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var hash = ConfirmationToken.Hash(Token);
        if (context.Store.FindConfirmation(hash) is not { Kind: ConfirmationKind.Join or ConfirmationKind.Leave } question
            || context.Store.FindList(question.List) is not { } list)
        {
            return RefusedUseCase.NotFound("This token is not known: it was used already, or is too old. Please begin anew.");
        }

        var present = context.Store.FindMember(list.Address, question.Address);
        Change? change = (question.Kind, present) switch
        {
            (ConfirmationKind.Join, null) => new MembersSaved(list.Address, [NewMember(context, question)]),
            (ConfirmationKind.Leave, not null) => new MembersRemoved(
                list.Address, [present.Address], context.Time.GetUtcNow(), $"left; asked for {question.Evidence}; confirmed {Evidence}"),
            _ => null,
        };
        var used = new ConfirmationRemoved(hash);
        await context.CommitAsync(change is null ? [used] : [used, change], cancellationToken);
        return new Confirmed(question.Kind, list, question.Address, change is not null);
    }

    private Member NewMember(AdminContext context, Confirmation question) => new(
        question.List,
        question.Address,
        "",
        MemberRole.Member,
        context.Time.GetUtcNow(),
        $"double opt-in; asked for {question.Evidence}; confirmed {Evidence}",
        Wording: question.Wording);
}
