using System.Collections.Immutable;

namespace ListServer.Store.People;

/// <summary>
/// Somebody who runs the server or domains of it. Those who run a list are its owners and moderators: they need no such record, as what a
/// membership says of an address holds for whoever proves to read its mail.
/// </summary>
/// <param name="Address">The address that proves who it is, in its stored form.</param>
/// <param name="Name">As people are shown it; may be empty.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record User(string Address, string Name, DateTimeOffset CreatedAt)
{
    /// <summary>True for who may do everything.</summary>
    public bool RunsServer { get; init; }

    /// <summary>The domains whose lists are in this person's care.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>True for who may no longer sign in, as whoever.</summary>
    public bool IsDisabled { get; init; }
}

/// <summary>Somebody signed in. Only the hash of what the browser brings is kept (SEC-24, SEC-28).</summary>
/// <param name="Hash">The hash of the browser's token.</param>
/// <param name="Address">Who signed in.</param>
/// <param name="OpenedAt">When.</param>
/// <param name="ExpiresAt">From then on it counts for nothing.</param>
/// <param name="Client">The IP address that it was opened from.</param>
/// <param name="Agent">How the browser named itself; may be empty.</param>
public sealed record Session(string Hash, string Address, DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt, string Client, string Agent);

/// <summary>A link that opens a session once.</summary>
/// <param name="Hash">The hash of the link's token.</param>
/// <param name="Address">Whose session; empty for the first admin, who says so then.</param>
/// <param name="ExpiresAt">From then on it opens nothing.</param>
public sealed record SignInLink(string Hash, string Address, DateTimeOffset ExpiresAt);
