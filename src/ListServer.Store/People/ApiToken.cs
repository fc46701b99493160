using System.Collections.Immutable;

namespace ListServer.Store.People;

/// <summary>Lets a program act for somebody at the API. Only the hash of what the program brings is kept (SEC-28).</summary>
/// <param name="Hash">The hash of the token.</param>
/// <param name="Id">Names it; opens nothing. Ordered by time.</param>
/// <param name="Name">What it is for, in its owner's words.</param>
/// <param name="Address">For whom it acts: it may never do more than they may at that moment.</param>
/// <param name="Scopes">What it may be used for: "members:read".</param>
/// <param name="Lists">The posting addresses it is for; empty for all that its owner runs.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">From then on it opens nothing.</param>
public sealed record ApiToken(
    string Hash, string Id, string Name, string Address, ImmutableArray<string> Scopes, ImmutableArray<string> Lists, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>When it was last used, to the hour; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The IP address from which it was used then; may be empty.</summary>
    public string LastClient { get; init; } = "";
}
