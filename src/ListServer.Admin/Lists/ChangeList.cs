using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Lists;

/// <summary>Changes a list's settings.</summary>
/// <param name="Address">The posting address.</param>
/// <param name="Settings">What to change.</param>
public sealed record ChangeList(string Address, ListSettings Settings) : UseCase<MailingList>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MailingList>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(Address) is not { } list)
        {
            return MissingList.Refuse(Address);
        }

        if (Settings.Apply(list, out var changed) is { } error)
        {
            return RefusedUseCase.Invalid(error);
        }

        await context.CommitAsync([new ListSaved(changed)], cancellationToken);
        return changed;
    }
}
