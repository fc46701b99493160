using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>A question that was noted and now has to be sent to its address. Its token is known to nobody else, and kept nowhere.</summary>
/// <param name="Kind">What the answer will do.</param>
/// <param name="List">The list that asks.</param>
/// <param name="Address">Who is asked.</param>
/// <param name="Token">What the answer must bring.</param>
public sealed record Question(ConfirmationKind Kind, MailingList List, string Address, string Token)
{
    /// <summary>Notes a question, unless its address was asked often enough (AUTH-97). Whether the address is a member plays no part.</summary>
    internal static async Task<Outcome<Question>> AskAsync(
        AdminContext context, ConfirmationKind kind, string list, string address, Asker asker, CancellationToken cancellationToken, Preferences? preferences = null)
    {
        if (context.Store.FindList(list) is not { } found)
        {
            return Lists.MissingList.Refuse(list);
        }

        if (!MemberAddress.TryParse(address, out var stored, out var error))
        {
            return RefusedUseCase.Invalid(error!);
        }

        if (!context.Questions.TryTake(stored!, asker.ClientAddress, asker.IsAuthenticated))
        {
            return new RefusedUseCase(Refusal.TryLater, $"{stored} was asked often enough for today. An answer to one of those questions still counts.");
        }

        var token = ConfirmationToken.New();
        var question = new Confirmation(ConfirmationToken.Hash(token), kind, found.Address, stored!, context.Time.GetUtcNow() + ConfirmationToken.Lifetime)
        {
            Evidence = asker.Evidence,
            Wording = kind is ConfirmationKind.Join ? context.JoinWording(found, stored!) : "",
            Preferences = preferences,
        };
        await context.CommitAsync(new ConfirmationSaved(question), cancellationToken);
        return new Question(kind, found, stored!, token);
    }
}
