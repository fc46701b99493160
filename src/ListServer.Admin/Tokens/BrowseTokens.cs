using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.Tokens;

/// <summary>Tokens, the newest first; those that ended within the last month, too.</summary>
/// <param name="Address">Whose; null for everybody's.</param>
public sealed record BrowseTokens(string? Address = null) : Query<IReadOnlyList<TokenAnswer>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<TokenAnswer>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<TokenAnswer>>([.. Of(context, Address).Select(token => TokenAnswer.Of(token, context.Time.GetUtcNow()))]);

    internal static IEnumerable<ApiToken> Of(AdminContext context, string? address) =>
        context.Store.ApiTokens().Where(token => address is null || token.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Ends a token at once.</summary>
/// <param name="Id">As <see cref="BrowseTokens"/> tells it.</param>
/// <param name="Address">Only one of theirs; null for anybody's.</param>
public sealed record RevokeToken(string Id, string? Address = null) : UseCase<TokenAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<TokenAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (BrowseTokens.Of(context, Address).FirstOrDefault(token => token.Id.Equals(Id.Trim(), StringComparison.OrdinalIgnoreCase)) is not { } token)
        {
            return RefusedUseCase.NotFound($"There is no token {Id}. 'listserver token list' names them.");
        }

        await context.CommitAsync(new ApiTokensRemoved([token.Hash], token.Address, [token.Name]), cancellationToken);
        return TokenAnswer.Of(token, context.Time.GetUtcNow());
    }
}
