using System.Collections.Immutable;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Accounts;

/// <summary>An account without its secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">The addresses it may write in From.</param>
public sealed record AccountAnswer(string Name, ImmutableArray<string> Addresses);

/// <summary>Makes a submission account, or gives it a new password and addresses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Password">At least 12 characters.</param>
/// <param name="Addresses">The addresses it may write in From (AUTH-63).</param>
public sealed record AddAccount(string Name, string Password, IReadOnlyList<string> Addresses) : UseCase<AccountAnswer>
{
    private const int LeastPassword = 12;

    /// <inheritdoc/>
    public override async Task<Outcome<AccountAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (Name.Length is 0 or > 64 || Name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return RefusedUseCase.Invalid("A name has 1 to 64 characters and no white space.");
        }

        if (Password.Length < LeastPassword)
        {
            return RefusedUseCase.Invalid($"The password has to have at least {LeastPassword} characters.");
        }

        var addresses = ImmutableArray.CreateBuilder<string>();
        foreach (var text in Addresses)
        {
            if (!MemberAddress.TryParse(text, out var address, out var error))
            {
                return RefusedUseCase.Invalid(error!);
            }

            addresses.Add(address!);
        }

        var account = new Account(Name, Account.HashPassword(Password), addresses.ToImmutable());
        await context.CommitAsync([new AccountSaved(account)], cancellationToken);
        return new AccountAnswer(account.Name, account.Addresses);
    }
}
