using System.Collections.Immutable;
using ListServer.Store.People;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A token of the API is new.</summary>
public sealed record ApiTokenSaved(ApiToken Token) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.ApiToken(Token.Hash), Token);
}

/// <summary>A token of the API was used; one that is gone by now stays gone.</summary>
public sealed record ApiTokenUsed(string Hash, DateTimeOffset At, string Client) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        if (draft.Find<ApiToken>(TableKey.ApiToken(Hash)) is { } token)
        {
            draft.Put(TableKey.ApiToken(Hash), token with { LastUsedAt = At, LastClient = Client });
        }
    }
}

/// <summary>Tokens of the API open nothing any more.</summary>
/// <param name="Hashes">The hashes of the tokens.</param>
/// <param name="Address">Whose they were.</param>
/// <param name="Names">What they were for, for the record.</param>
public sealed record ApiTokensRemoved(ImmutableArray<string> Hashes, string Address, ImmutableArray<string> Names) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var hash in Hashes)
        {
            draft.Remove(TableKey.ApiToken(hash));
        }
    }
}
