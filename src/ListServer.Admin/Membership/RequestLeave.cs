using ListServer.Store;

namespace ListServer.Admin.Membership;

/// <summary>Asks an address whether it wants to leave, member or not: the question tells nobody else which.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who is asked.</param>
/// <param name="Asker">Who wants it.</param>
public sealed record RequestLeave(string List, string Address, Asker Asker) : UseCase<Question>
{
    /// <inheritdoc/>
    public override Task<Outcome<Question>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        Question.AskAsync(context, ConfirmationKind.Leave, List, Address, Asker, cancellationToken);
}
