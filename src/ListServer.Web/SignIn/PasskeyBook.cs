using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.SignIn;

/// <summary>
/// What ASP.NET Core's passkey handler asks while it verifies what a device says: who has which passkeys. It reads only; what comes of it is saved by use cases.
/// </summary>
internal sealed class PasskeyBook(Visit visit) : IUserPasskeyStore<PasskeyOwner>
{
    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Address);

    public Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) => FindAsync(new FindPasskeyOwner(userId, []), cancellationToken);

    public Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => FindAsync(new FindPasskeyOwner(null, [.. credentialId]), cancellationToken);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<IList<UserPasskeyInfo>>([.. user.Passkeys.Select(Info)]);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(user.Passkeys.Where(passkey => passkey.Key.CredentialId.AsSpan().SequenceEqual(credentialId)).Select(Info).FirstOrDefault());

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw ReadsOnly();

    public void Dispose()
    {
    }

    /// <summary>What a device said, as use cases take it.</summary>
    public static PasskeyKey Key(UserPasskeyInfo info) =>
        new([.. info.CredentialId], [.. info.PublicKey], info.SignCount, info.IsBackupEligible, info.IsBackedUp, [.. info.Transports ?? []]);

    private static UserPasskeyInfo Info(PasskeyAnswer passkey) => new(
        [.. passkey.Key.CredentialId], [.. passkey.Key.PublicKey], passkey.CreatedAt, passkey.Key.SignCount, [.. passkey.Key.Transports],
        isUserVerified: true, passkey.Key.IsBackupEligible, passkey.Key.IsBackedUp, attestationObject: [], clientDataJson: []);

    private static NotSupportedException ReadsOnly() => new("People and their passkeys are changed by use cases.");

    private async Task<PasskeyOwner?> FindAsync(FindPasskeyOwner query, CancellationToken cancellationToken) =>
        await visit.Desk.RunAsync(query, cancellationToken) is Outcome<PasskeyOwner>.Done(var owner) ? owner : null;
}

/// <summary>Sets the passkey handler up.</summary>
internal static class PasskeySetup
{
    public static void AddPasskeys(this IServiceCollection services, WebSettings settings)
    {
        services.AddSingleton<PasskeyChallenges>();
        services.AddIdentityCore<PasskeyOwner>();
        services.AddScoped<IUserStore<PasskeyOwner>, PasskeyBook>();
        services.AddScoped<IPasskeyHandler<PasskeyOwner>, PasskeyHandler<PasskeyOwner>>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.ServerDomain = settings.BaseUrl?.Host;
            options.AuthenticatorTimeout = PasskeyChallenges.Lifetime;

            // Whoever holds the device is asked who they are, and the device knows its owner: nobody types an address.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.AttestationConveyancePreference = "none";
            options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == Origin(settings, context.HttpContext.Request));
        });
    }

    private static string Origin(WebSettings settings, HttpRequest request) =>
        settings.BaseUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";
}
