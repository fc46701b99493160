using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>Two questions that were noted and now have to be sent, one to each address.</summary>
/// <param name="List">The list that asks.</param>
/// <param name="From">The member's address.</param>
/// <param name="To">The address that is to take its place.</param>
/// <param name="FromToken">What the member's answer must bring.</param>
/// <param name="ToToken">What the other's answer must bring.</param>
public sealed record MoveQuestions(MailingList List, string From, string To, string FromToken, string ToToken);

/// <summary>Asks a member's address and another whether the subscription shall move from the one to the other.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="NewAddress">What is to take its place.</param>
/// <param name="Asker">Who wants it.</param>
public sealed record RequestMove(string List, string Address, string NewAddress, Asker Asker) : UseCase<MoveQuestions>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MoveQuestions>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (!MemberAddress.TryParse(NewAddress, out var to, out var error))
        {
            return RefusedUseCase.Invalid(error!);
        }

        if (context.Store.FindMember(list.Address, Address.Trim()) is not { } member)
        {
            return RefusedUseCase.NotFound($"{Address} is not on {list.Address}.");
        }

        // Nobody vouches for the new address: all caps count for it, or a member could fill a stranger's mailbox (AUTH-97).
        if (!context.Questions.TryTake(member.Address, Asker.ClientAddress, Asker.IsAuthenticated) || !context.Questions.TryTake(to!, Asker.ClientAddress, isAuthenticated: false))
        {
            return new RefusedUseCase(Refusal.TryLater, "One of the two addresses was asked often enough for today.");
        }

        var asked = new MoveQuestions(list, member.Address, to!, ConfirmationToken.New(), ConfirmationToken.New());
        await context.CommitAsync([.. Confirmations(asked, context.Time.GetUtcNow() + ConfirmationToken.Lifetime)], cancellationToken);
        return asked;
    }

    private IEnumerable<Change> Confirmations(MoveQuestions asked, DateTimeOffset expiresAt)
    {
        var (from, to) = (ConfirmationToken.Hash(asked.FromToken), ConfirmationToken.Hash(asked.ToToken));
        foreach (var (address, hash, other) in new[] { (asked.From, from, to), (asked.To, to, from) })
        {
            yield return new ConfirmationSaved(new Confirmation(hash, ConfirmationKind.Move, asked.List.Address, address, expiresAt)
            {
                Evidence = Asker.Evidence,
                Move = new AddressMove(asked.From, asked.To, other),
            });
        }
    }
}

/// <summary>How far a move got.</summary>
/// <param name="List">The list.</param>
/// <param name="Address">Who agreed.</param>
/// <param name="IsDone">False while the other address has not agreed.</param>
public sealed record MoveAnswer(MailingList List, string Address, bool IsDone);

/// <summary>One of the two addresses agrees to a move; the second answer does it.</summary>
/// <param name="Token">As it came back.</param>
/// <param name="Evidence">From where, when and how it came back, in words.</param>
public sealed record ConfirmMove(string Token, string Evidence) : UseCase<MoveAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MoveAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var hash = ConfirmationToken.Hash(Token);
        if (context.Store.FindConfirmation(hash) is not { Kind: ConfirmationKind.Move, Move: { } move } question || context.Store.FindList(question.List) is not { } list)
        {
            return RefusedUseCase.NotFound("This token is not known: it was used already, or is too old. Please begin anew.");
        }

        // Both questions end at the same time: the other is gone only if it was answered.
        var isDone = context.Store.FindConfirmation(move.OtherHash) is null;
        if (isDone && MoveMember.Problem(context, list, move.From, move.To) is { } problem)
        {
            return problem;
        }

        Change[] changes = isDone ? MoveMember.Changes(context, list, move.From, move.To, $"as asked for {question.Evidence} and confirmed by both, the last {Evidence}") : [];
        await context.CommitAsync([new ConfirmationRemoved(hash), .. changes], cancellationToken);
        return new MoveAnswer(list, question.Address, isDone);
    }
}
