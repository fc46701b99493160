using System.Collections.Immutable;
using System.Security.Cryptography;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>Whether somebody signs in by a password and a code.</summary>
/// <param name="Address">Who.</param>
/// <param name="SetAt">Since when; null for somebody who does not.</param>
/// <param name="RecoveryCodes">How many of the written codes are left.</param>
public sealed record PasswordAnswer(string Address, DateTimeOffset? SetAt, int RecoveryCodes);

/// <summary>Tells whether an address has a password.</summary>
/// <param name="Address">Whose.</param>
public sealed record ShowPassword(string Address) : Query<PasswordAnswer>
{
    /// <inheritdoc/>
    protected override Outcome<PasswordAnswer> Look(AdminContext context) =>
        context.Store.FindPassword(Address) is { } kept ? new PasswordAnswer(kept.Address, kept.SetAt, kept.RecoveryHashes.Length) : new PasswordAnswer(Address, null, 0);
}

/// <summary>Codes to be written down; they are shown once.</summary>
/// <param name="Codes">Each signs in once, in place of one from the app.</param>
public sealed record RecoveryCodes(ImmutableArray<string> Codes);

/// <summary>Sets a password and the app that makes the codes for it. All other sessions end (SEC-24).</summary>
/// <param name="Address">Whose.</param>
/// <param name="Password">At least 12 characters.</param>
/// <param name="Secret">What the app was told, in hexadecimal digits.</param>
/// <param name="Code">What the app shows now: it proves that the app has the secret.</param>
/// <param name="Session">The hash of the session that goes on.</param>
public sealed record SetPassword(string Address, string Password, string Secret, string Code, string Session) : UseCase<RecoveryCodes>
{
    private const int LeastPassword = 12;
    private const int MostPassword = 200;
    private const int Codes = 8;

    private string Hash { get; init; } = "";

    /// <inheritdoc/>
    public override async Task<Outcome<RecoveryCodes>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (Password.Length is < LeastPassword or > MostPassword)
        {
            return RefusedUseCase.Invalid($"A password has {LeastPassword} to {MostPassword} characters. A few words that mean something to you only are best.");
        }

        if (!IsSecret(Secret))
        {
            return RefusedUseCase.Invalid("The app's secret is cut. Load the page again.");
        }

        var secret = Convert.FromHexString(Secret);
        if (Totp.Find(secret, Code.Replace(" ", "", StringComparison.Ordinal), context.Time.GetUtcNow()) is not { } step)
        {
            return RefusedUseCase.Invalid("This is not the code that the app shows now. Look whether the clocks of both devices are right.");
        }

        ImmutableArray<string> codes = [.. Enumerable.Range(0, Codes).Select(_ => ConfirmationToken.New())];
        var kept = new PasswordAndCode(Address, Hash, Totp.Seal(context, Address, secret), step, [.. codes.Select(ConfirmationToken.Hash)], context.Time.GetUtcNow());
        var others = SaveUser.SessionsOf(context, Address);
        await context.CommitAsync([new PasswordSaved(kept), others with { Hashes = others.Hashes.Remove(Session) }], cancellationToken);
        return new RecoveryCodes(codes);
    }

    /// <summary>A slow hash is made before its turn: nobody waits for it.</summary>
    internal override Task<UseCase<RecoveryCodes>> PrepareAsync(AdminContext context, CancellationToken cancellationToken) =>
        Task.FromResult<UseCase<RecoveryCodes>>(Password.Length is < LeastPassword or > MostPassword ? this : this with { Hash = Account.HashPassword(Password) });

    /// <summary>A secret for an app that shows codes.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetHexString(Totp.SecretOctets * 2);

    /// <summary>True for what may be one of <see cref="NewSecret"/>.</summary>
    public static bool IsSecret(string text) => text.Length == Totp.SecretOctets * 2 && text.All(char.IsAsciiHexDigit);
}

/// <summary>Takes somebody's password away: links and passkeys remain.</summary>
/// <param name="Address">Whose.</param>
public sealed record RemovePassword(string Address) : UseCase<PasswordAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<PasswordAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindPassword(Address) is not { } kept)
        {
            return RefusedUseCase.NotFound($"{Address} has no password.");
        }

        await context.CommitAsync(new PasswordRemoved(kept.Address), cancellationToken);
        return new PasswordAnswer(kept.Address, null, 0);
    }
}

/// <summary>
/// Opens a session by a password together with a code. Whoever fails hears the same, and waits as long, whatever was wrong: the address, the password, the code,
/// or that it was tried too often (SEC-25).
/// </summary>
/// <param name="Address">Who it is.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">What the app shows, or one of the written codes.</param>
/// <param name="Browser">Where it was used.</param>
public sealed record SignInByPassword(string Address, string Password, string Code, Browser Browser) : UseCase<OpenSession>
{
    private const int MostLength = 500;

    // Checked when nobody has the address, so that an unknown one takes as long as a wrong password.
    private static readonly Lazy<string> Nobody = new(() => Account.HashPassword(Guid.NewGuid().ToString()));

    private bool IsRight { get; init; }

    private static RefusedUseCase Wrong => RefusedUseCase.NotAllowed("Address, password and code do not fit together, or it was tried too often.");

    /// <inheritdoc/>
    public override async Task<Outcome<OpenSession>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!IsRight || context.Store.FindPassword(Address) is not { } kept || Used(kept, context) is not { } used || !Known.MaySignIn(context.Store, kept.Address))
        {
            return Wrong;
        }

        context.SignIns.Succeed(Address, Browser.Client);
        var (session, opened) = OpenSession.Begin(context, kept.Address, Browser);
        await (context with { Actor = kept.Address }).CommitAsync([new PasswordSaved(used), opened], cancellationToken);
        return session;
    }

    /// <summary>A slow hash is checked before its turn: nobody waits for it.</summary>
    internal override Task<UseCase<OpenSession>> PrepareAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (Address.Length + Password.Length + Code.Length > MostLength || !context.SignIns.TryTakeTry(Address, Browser.Client))
        {
            return Task.FromResult<UseCase<OpenSession>>(this);
        }

        var kept = context.Store.FindPassword(Address);
        var isRight = Account.Matches(kept?.PasswordHash ?? Nobody.Value, Password) && kept is not null;
        return Task.FromResult<UseCase<OpenSession>>(this with { IsRight = isRight });
    }

    private PasswordAndCode? Used(PasswordAndCode kept, AdminContext context)
    {
        var secret = Totp.Open(context, kept.Address, kept.SealedSecret);
        if (Totp.Find(secret, Code.Replace(" ", "", StringComparison.Ordinal), context.Time.GetUtcNow()) is { } step)
        {
            return step > kept.LastStep ? kept with { LastStep = step } : null;
        }

        var hash = ConfirmationToken.Hash(Code.Replace(" ", "", StringComparison.Ordinal));
        return kept.RecoveryHashes.Contains(hash) ? kept with { RecoveryHashes = kept.RecoveryHashes.Remove(hash) } : null;
    }
}
