using ListServer.Lists.Membership;
using ListServer.Store;

namespace ListServer.Admin.Membership;

/// <summary>Asks an address whether it wants to receive the list otherwise, member or not: the question tells nobody else which.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who is asked.</param>
/// <param name="Preferences">What is to change.</param>
/// <param name="Asker">Who wants it.</param>
public sealed record RequestSet(string List, string Address, Preferences Preferences, Asker Asker) : UseCase<Question>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Question>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        Preferences.Problem(context.Time.GetUtcNow()) is { } problem
            ? RefusedUseCase.Invalid(problem)
            : await Question.AskAsync(context, ConfirmationKind.Set, List, Address, Asker, cancellationToken, Preferences);
}
