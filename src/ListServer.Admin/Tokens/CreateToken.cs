using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.Tokens;

/// <summary>A token as people see it.</summary>
/// <param name="Id">Names it; opens nothing.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Address">For whom it acts.</param>
/// <param name="Scopes">See <see cref="Scope"/>.</param>
/// <param name="Lists">The posting addresses it is for; empty for all that its owner runs.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="LastUsedAt">To the hour; null for never.</param>
/// <param name="LastClient">The IP address from which it was used then; may be empty.</param>
/// <param name="IsOver">True when it opens nothing any more.</param>
public sealed record TokenAnswer(
    string Id, string Name, string Address, ImmutableArray<string> Scopes, ImmutableArray<string> Lists, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string LastClient, bool IsOver)
{
    internal static TokenAnswer Of(ApiToken token, DateTimeOffset now) =>
        new(token.Id, token.Name, token.Address, token.Scopes, token.Lists, token.CreatedAt, token.ExpiresAt, token.LastUsedAt, token.LastClient, token.ExpiresAt <= now);
}

/// <summary>A token that was just made.</summary>
/// <param name="Secret">What the program brings; shown now, and never again.</param>
/// <param name="Token">What is known of it.</param>
public sealed record MadeToken(string Secret, TokenAnswer Token);

/// <summary>Makes a token by which a program acts for somebody at the API: never for more than they may themselves.</summary>
/// <param name="Address">For whom it acts: who runs the server or a domain, or owns or moderates a list.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">See <see cref="Scope"/>; at least one.</param>
/// <param name="Lists">The posting addresses it is for; empty for all that the person runs.</param>
/// <param name="Days">How long it opens anything, 1 to 730.</param>
public sealed record CreateToken(string Address, string Name, ImmutableArray<string> Scopes, ImmutableArray<string> Lists, int Days = 90) : UseCase<MadeToken>
{
    private const string Prefix = "lst_";
    private const int Most = 100;
    private const int MostName = 100;
    private const int MostDays = 730;

    /// <inheritdoc/>
    public override async Task<Outcome<MadeToken>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!MemberAddress.TryParse(Address, out var address, out var error))
        {
            return RefusedUseCase.Invalid(nameof(Address), error!);
        }

        if (Problem() is { } problem)
        {
            return problem;
        }

        var lists = new List<string>();
        foreach (var name in Lists)
        {
            if (context.Store.FindList(name) is not { } list)
            {
                return MissingList.Refuse(name);
            }

            lists.Add(list.Address);
        }

        if (ProblemWith(context.Store, address!, lists) is { } excess)
        {
            return excess;
        }

        var (secret, now) = (Prefix + ConfirmationToken.New(), context.Time.GetUtcNow());
        var token = new ApiToken(
            ConfirmationToken.Hash(secret), OrderedId.New(context.Time), Name.Trim(), address!, [.. Scope.All.Intersect(Scopes)], [.. lists.Distinct()], now, now.AddDays(Days));
        await context.CommitAsync(new ApiTokenSaved(token), cancellationToken);
        return new MadeToken(secret, TokenAnswer.Of(token, now));
    }

    private RefusedUseCase? Problem() => this switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) || name.Length > MostName || name.Any(char.IsControl) =>
            RefusedUseCase.Invalid(nameof(Name), $"Say what the token is for, on one line of up to {MostName} characters."),
        { Scopes.IsDefaultOrEmpty: true } => RefusedUseCase.Invalid(nameof(Scopes), $"A token is for something. Choose among {string.Join(' ', Scope.All)}."),
        { Days: < 1 or > MostDays } => RefusedUseCase.Invalid(nameof(Days), $"A token lives 1 to {MostDays} days."),
        { Lists.IsDefault: true } => RefusedUseCase.Invalid(nameof(Lists), "Name lists, or none."),
        _ => Scopes.FirstOrDefault(scope => !Scope.All.Contains(scope)) is { } unknown
            ? RefusedUseCase.Invalid(nameof(Scopes), $"There is no scope '{unknown}'. Choose among {string.Join(' ', Scope.All)}.")
            : null,
    };

    // What the person can't do, a token of theirs can't: to ask for it is a mistake that is better told now.
    private RefusedUseCase? ProblemWith(ListStore store, string address, List<string> lists)
    {
        var user = store.FindUser(address);
        if (user is { IsDisabled: true })
        {
            return new RefusedUseCase(Refusal.NotAllowed, $"{address} is shut out.");
        }

        if (store.ApiTokens().Count(token => token.Address.Equals(address, StringComparison.OrdinalIgnoreCase)) >= Most)
        {
            return RefusedUseCase.Conflict($"{address} has {Most} tokens. Revoke those that nobody needs.");
        }

        if (Scopes.FirstOrDefault(Scope.IsForServer) is { } scope && (user is not { RunsServer: true } || lists.Count > 0))
        {
            return RefusedUseCase.Invalid(nameof(Scopes), $"{scope} is for somebody who runs the server, in a token that is not for certain lists only.");
        }

        if (lists.FirstOrDefault(list => !Runs(store, address, user, list)) is { } foreign)
        {
            return RefusedUseCase.Invalid(nameof(Lists), $"{address} does not run {foreign}.");
        }

        return user is null && !store.Lists.Any(list => Runs(store, address, user, list.Address))
            ? new RefusedUseCase(Refusal.NotAllowed, $"{address} runs nothing here: tokens are for those who run the server, domains or lists.")
            : null;
    }

    private static bool Runs(ListStore store, string address, User? user, string list) =>
        ShowVisitor.Of(store, address, "", user, list).May(Right.Moderate);
}
