using ListServer.Store.Changes;

namespace ListServer.Admin.Accounts;

/// <summary>Removes a submission account.</summary>
/// <param name="Name">Its name.</param>
public sealed record RemoveAccount(string Name) : UseCase<AccountAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AccountAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindAccount(Name) is not { } account)
        {
            return RefusedUseCase.NotFound($"There is no account {Name}.");
        }

        await context.CommitAsync([new AccountRemoved(account.Name)], cancellationToken);
        return new AccountAnswer(account.Name, account.Addresses);
    }
}
