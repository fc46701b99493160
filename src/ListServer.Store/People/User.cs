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

/// <summary>A key pair that somebody's device keeps and that signs in in place of a link (WebAuthn). Only the public half is here.</summary>
/// <param name="Handle">Whose, as the device knows it: <see cref="ListStore.PasskeyHandle"/>.</param>
/// <param name="Id">Names it here: the SHA-256 of the credential's identifier, in lower-case hexadecimal digits.</param>
/// <param name="Address">Whom it signs in.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="CredentialId">What the device calls it.</param>
/// <param name="PublicKey">In COSE.</param>
public sealed record Passkey(string Handle, string Id, string Address, string Name, DateTimeOffset CreatedAt, byte[] CredentialId, byte[] PublicKey)
{
    /// <summary>How often the device has signed, if it counts: it only grows, unless somebody has a copy of the key.</summary>
    public uint SignCount { get; init; }

    /// <summary>True when it may be kept in more than one place.</summary>
    public bool IsBackupEligible { get; init; }

    /// <summary>True when it is kept in more than one place.</summary>
    public bool IsBackedUp { get; init; }

    /// <summary>How a browser reaches the device.</summary>
    public ImmutableArray<string> Transports { get; init; } = [];

    /// <summary>When it signed in last; null for never.</summary>
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>A password that signs in together with a code: one from an app, or one of those that were written down.</summary>
/// <param name="Address">Whom it signs in.</param>
/// <param name="PasswordHash">Made by <see cref="Account.HashPassword"/>.</param>
/// <param name="SealedSecret">What app and server share, enciphered.</param>
/// <param name="LastStep">The half minute of the last code that counted: no code counts twice.</param>
/// <param name="RecoveryHashes">The hashes of the written codes that are left.</param>
/// <param name="SetAt">Since when.</param>
public sealed record PasswordAndCode(
    string Address, string PasswordHash, byte[] SealedSecret, long LastStep, ImmutableArray<string> RecoveryHashes, DateTimeOffset SetAt);

/// <summary>A link that opens a session once.</summary>
/// <param name="Hash">The hash of the link's token.</param>
/// <param name="Address">Whose session; empty for the first admin, who says so then.</param>
/// <param name="ExpiresAt">From then on it opens nothing.</param>
public sealed record SignInLink(string Hash, string Address, DateTimeOffset ExpiresAt);
