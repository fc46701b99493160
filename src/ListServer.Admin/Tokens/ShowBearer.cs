using ListServer.Admin.People;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.Tokens;

/// <summary>Somebody who brought a token.</summary>
/// <param name="Visitor">For whom it acts, with what the token leaves of their rights as they are now.</param>
/// <param name="IsUseDue">True when it is time to write down that it is used: <see cref="NoteTokenUse"/>.</param>
public sealed record Bearer(Visitor Visitor, bool IsUseDue);

/// <summary>Who brings this token, and what they may do. Counts what is no token, and how often one is used (SEC-25).</summary>
/// <param name="Token">As the program brings it.</param>
/// <param name="Client">The IP address that it comes from.</param>
/// <param name="List">The posting address that is asked about; null for none.</param>
public sealed record ShowBearer(string Token, string Client, string? List = null) : Query<Bearer>
{
    private static readonly TimeSpan UseEach = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override Outcome<Bearer> Look(AdminContext context)
    {
        if (context.Tokens.IsLockedOut(Client))
        {
            return new RefusedUseCase(Refusal.TryLater, "Too many tokens that are none came from your network. Wait, and bring the right one.");
        }

        var token = context.Store.FindApiToken(ConfirmationToken.Hash(Token));
        var user = token is null ? null : context.Store.FindUser(token.Address);
        if (token is null || user is { IsDisabled: true })
        {
            context.Tokens.Fail(Client);
            return RefusedUseCase.NotFound("This token opens nothing: it is mistyped, revoked or too old.");
        }

        if (!context.Tokens.TryCall(token.Id))
        {
            return new RefusedUseCase(Refusal.TryLater, $"A token can be used {TokenLimits.CallsAMinute} times a minute.");
        }

        return new Bearer(VisitorOf(context, token, user, List), token.LastUsedAt is not { } last || context.Time.GetUtcNow() >= last + UseEach);
    }

    internal static Visitor VisitorOf(AdminContext context, ApiToken token, User? user, string? list) =>
        ShowVisitor.Of(context.Store, token.Address, "token " + token.Id, user, list) with { Grant = new TokenGrant(token.Id, token.Hash, token.Scopes, token.Lists, token.ExpiresAt) };
}

/// <summary>What a token lets its bearer do now, for answers that go on for long.</summary>
/// <param name="Hash">The token's.</param>
/// <param name="List">The posting address that is asked about; null for none.</param>
public sealed record ShowGrant(string Hash, string? List = null) : Query<Visitor>
{
    /// <inheritdoc/>
    protected override Outcome<Visitor> Look(AdminContext context)
    {
        var token = context.Store.FindApiToken(Hash);
        var user = token is null ? null : context.Store.FindUser(token.Address);
        return token is null || user is { IsDisabled: true }
            ? RefusedUseCase.NotFound("This token opens nothing any more.")
            : ShowBearer.VisitorOf(context, token, user, List);
    }
}

/// <summary>Writes down that a token is used, for its owner; once an hour is enough.</summary>
/// <param name="Hash">The token's.</param>
/// <param name="Client">The IP address that it came from.</param>
public sealed record NoteTokenUse(string Hash, string Client) : UseCase<TokenAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<TokenAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindApiToken(Hash) is not { } token)
        {
            return RefusedUseCase.NotFound("This token opens nothing any more.");
        }

        var now = context.Time.GetUtcNow();
        await context.CommitAsync(new ApiTokenUsed(Hash, now, Client), cancellationToken);
        return TokenAnswer.Of(token with { LastUsedAt = now, LastClient = Client }, now);
    }
}
