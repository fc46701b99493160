using ListServer.Admin.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Members;

/// <summary>What an address consented to on a list, the newest first, though it may have left long ago (AUTH-83).</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Whose consent.</param>
public sealed record BrowseConsents(string List, string Address) : Query<IReadOnlyList<Consent>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Consent>> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        return context.Store.Consents(list.Address, Address.Trim()) is { Count: > 0 } consents
            ? Outcome.Done(consents)
            : RefusedUseCase.NotFound($"No consent of {Address} to receive {list.Address} is known.");
    }
}
