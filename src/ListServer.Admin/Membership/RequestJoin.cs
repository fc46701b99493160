using ListServer.Lists;
using ListServer.Store;

namespace ListServer.Admin.Membership;

/// <summary>
/// Asks an address whether it wants to join: nobody becomes a member by anybody's word but their own answer (double opt-in). A closed list asks nobody, and nobody is asked who is banned.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who is asked.</param>
/// <param name="Asker">Who wants it.</param>
public sealed record RequestJoin(string List, string Address, Asker Asker) : UseCase<Question>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Question>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is { } list)
        {
            if (list.Subscription is SubscriptionPolicy.Closed)
            {
                return Admission.Closed(list);
            }

            if (Admission.Banned(context, list, Address.Trim()) is { } banned)
            {
                return banned;
            }
        }

        return await Question.AskAsync(context, ConfirmationKind.Join, List, Address, Asker, cancellationToken);
    }
}
