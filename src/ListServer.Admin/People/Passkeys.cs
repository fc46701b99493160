using System.Collections.Immutable;
using System.Security.Cryptography;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>What a device told when it made a passkey, or signed in with one.</summary>
/// <param name="CredentialId">What the device calls it; up to 1,023 octets.</param>
/// <param name="PublicKey">In COSE.</param>
/// <param name="SignCount">How often the device has signed, if it counts.</param>
/// <param name="IsBackupEligible">True when it may be kept in more than one place.</param>
/// <param name="IsBackedUp">True when it is kept in more than one place.</param>
/// <param name="Transports">How a browser reaches the device.</param>
public sealed record PasskeyKey(
    ImmutableArray<byte> CredentialId, ImmutableArray<byte> PublicKey, uint SignCount, bool IsBackupEligible, bool IsBackedUp, ImmutableArray<string> Transports)
{
    internal static PasskeyKey Of(Passkey passkey) =>
        new([.. passkey.CredentialId], [.. passkey.PublicKey], passkey.SignCount, passkey.IsBackupEligible, passkey.IsBackedUp, passkey.Transports);

    internal static string IdOf(ReadOnlySpan<byte> credentialId) => Convert.ToHexStringLower(SHA256.HashData(credentialId));
}

/// <summary>A passkey, as its owner sees it.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="UsedAt">When it signed in last; null for never.</param>
/// <param name="Key">What the device told.</param>
public sealed record PasskeyAnswer(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, PasskeyKey Key)
{
    internal static PasskeyAnswer Of(Passkey passkey) => new(passkey.Id, passkey.Name, passkey.CreatedAt, passkey.UsedAt, PasskeyKey.Of(passkey));
}

/// <summary>Somebody and their passkeys.</summary>
/// <param name="Handle">Who it is, as devices know it.</param>
/// <param name="Address">Who it is.</param>
/// <param name="Passkeys">The oldest first.</param>
public sealed record PasskeyOwner(string Handle, string Address, ImmutableArray<PasskeyAnswer> Passkeys)
{
    internal static PasskeyOwner Of(ListStore store, string address) => Of(store.PasskeyHandle(address), address, store);

    internal static PasskeyOwner Of(string handle, string address, ListStore store) =>
        new(handle, address, [.. store.Passkeys(handle).OrderBy(passkey => passkey.CreatedAt).Select(PasskeyAnswer.Of)]);
}

/// <summary>The passkeys of an address.</summary>
/// <param name="Address">Whose.</param>
public sealed record BrowsePasskeys(string Address) : Query<PasskeyOwner>
{
    /// <inheritdoc/>
    protected override Outcome<PasskeyOwner> Look(AdminContext context) => PasskeyOwner.Of(context.Store, Address);
}

/// <summary>Who has passkeys under a handle, or a certain one.</summary>
/// <param name="Handle">Who it is, as devices know it; null for whoever has the credential.</param>
/// <param name="CredentialId">What the device calls the passkey; empty for any.</param>
public sealed record FindPasskeyOwner(string? Handle, ImmutableArray<byte> CredentialId) : Query<PasskeyOwner>
{
    /// <inheritdoc/>
    protected override Outcome<PasskeyOwner> Look(AdminContext context)
    {
        var found = Handle is not null ? (context.Store.Passkeys(Handle) is [var first, ..] ? first : null) : context.Store.FindPasskey(PasskeyKey.IdOf(CredentialId.AsSpan()));
        return found is null ? SavePasskey.Unknown : PasskeyOwner.Of(found.Handle, found.Address, context.Store);
    }
}

/// <summary>Adds a passkey to an address. Whoever runs this has verified what the device said.</summary>
/// <param name="Address">Whom it signs in.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="Key">What the device told.</param>
public sealed record SavePasskey(string Address, string Name, PasskeyKey Key) : UseCase<PasskeyAnswer>
{
    private const int MostName = 60;
    private const int MostPasskeys = 20;

    internal static RefusedUseCase Unknown => RefusedUseCase.NotFound("This passkey is not known here.");

    /// <inheritdoc/>
    public override async Task<Outcome<PasskeyAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var id = PasskeyKey.IdOf(Key.CredentialId.AsSpan());
        if (ProblemWithName(Name) is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        if (context.Store.FindPasskey(id) is not null)
        {
            return RefusedUseCase.Conflict("This passkey was added already.");
        }

        var handle = context.Store.PasskeyHandle(Address);
        if (context.Store.Passkeys(handle).Count >= MostPasskeys)
        {
            return RefusedUseCase.Conflict($"{Address} has {MostPasskeys} passkeys: remove one first.");
        }

        var passkey = new Passkey(handle, id, Address, Name.Trim(), context.Time.GetUtcNow(), [.. Key.CredentialId], [.. Key.PublicKey])
        {
            SignCount = Key.SignCount,
            IsBackupEligible = Key.IsBackupEligible,
            IsBackedUp = Key.IsBackedUp,
            Transports = Key.Transports,
        };
        await context.CommitAsync(new PasskeySaved(passkey), cancellationToken);
        return PasskeyAnswer.Of(passkey);
    }

    internal static string? ProblemWithName(string name) =>
        name.Trim().Length is 0 or > MostName || name.Any(char.IsControl) ? $"A passkey's name has 1 to {MostName} characters, on one line." : null;
}

/// <summary>Gives a passkey another name.</summary>
/// <param name="Address">Whose.</param>
/// <param name="Id">Which.</param>
/// <param name="Name">As its owner calls it.</param>
public sealed record RenamePasskey(string Address, string Id, string Name) : UseCase<PasskeyAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<PasskeyAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindPasskey(context.Store.PasskeyHandle(Address), Id) is not { } present)
        {
            return SavePasskey.Unknown;
        }

        if (SavePasskey.ProblemWithName(Name) is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        var renamed = present with { Name = Name.Trim() };
        await context.CommitAsync(new PasskeySaved(renamed), cancellationToken);
        return PasskeyAnswer.Of(renamed);
    }
}

/// <summary>Takes a passkey away from an address: it signs in nobody any more. Sessions that it opened go on.</summary>
/// <param name="Address">Whose.</param>
/// <param name="Id">Which.</param>
public sealed record RemovePasskey(string Address, string Id) : UseCase<PasskeyAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<PasskeyAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindPasskey(context.Store.PasskeyHandle(Address), Id) is not { } present)
        {
            return SavePasskey.Unknown;
        }

        await context.CommitAsync(new PasskeyRemoved(present.Handle, present.Id), cancellationToken);
        return PasskeyAnswer.Of(present);
    }
}

/// <summary>Opens a session by a passkey. Whoever runs this has verified the device's signature.</summary>
/// <param name="Handle">Who it is, as the device knows it.</param>
/// <param name="Key">What the device told this time.</param>
/// <param name="Browser">Where it was used.</param>
public sealed record SignInByPasskey(string Handle, PasskeyKey Key, Browser Browser) : UseCase<OpenSession>
{
    /// <inheritdoc/>
    public override async Task<Outcome<OpenSession>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var id = PasskeyKey.IdOf(Key.CredentialId.AsSpan());
        if (context.Store.FindPasskey(Handle, id) is not { } passkey || !Known.MaySignIn(context.Store, passkey.Address))
        {
            return SavePasskey.Unknown;
        }

        // A device that counts never shows the same count twice: another one would be a copy of the key.
        if ((Key.SignCount > 0 || passkey.SignCount > 0) && Key.SignCount <= passkey.SignCount)
        {
            return RefusedUseCase.NotAllowed("This passkey was copied, or used twice at once. Sign in by a link, remove it, and add a new one.");
        }

        var (session, opened) = OpenSession.Begin(context, passkey.Address, Browser);
        var used = new PasskeySaved(passkey with { SignCount = Key.SignCount, IsBackedUp = Key.IsBackedUp, UsedAt = context.Time.GetUtcNow() });
        await (context with { Actor = passkey.Address }).CommitAsync([used, opened], cancellationToken);
        return session;
    }
}
