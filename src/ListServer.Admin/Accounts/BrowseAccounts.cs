namespace ListServer.Admin.Accounts;

/// <summary>All submission accounts, by name.</summary>
public sealed record BrowseAccounts : Query<IReadOnlyList<AccountAnswer>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<AccountAnswer>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<AccountAnswer>>(
            [.. context.Store.Accounts.OrderBy(account => account.Name, StringComparer.Ordinal)
                .Select(account => new AccountAnswer(account.Name, account.Addresses))]);
}
