using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace ListServer.Store;

/// <summary>Someone who may submit mail (RFC 6409).</summary>
/// <param name="Name">The name for AUTH, compared whatever the case.</param>
/// <param name="PasswordHash">Made by <see cref="HashPassword"/>.</param>
/// <param name="Addresses">The addresses that the account may write as.</param>
public sealed record Account(string Name, string PasswordHash, ImmutableArray<string> Addresses)
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000;
    private const int SaltOctets = 16;
    private const int HashOctets = 32;

    /// <summary>A salted, slow hash of a password, with its parameters: PBKDF2 (RFC 8018 §5.2) with HMAC-SHA-256.</summary>
    public static string HashPassword(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var salt = RandomNumberGenerator.GetBytes(SaltOctets);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, HashOctets);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>True when the password is the account's. Takes a tenth of a second or two on purpose.</summary>
    public bool HasPassword(string password) => Matches(PasswordHash, password);

    /// <summary>True when <see cref="HashPassword"/> made the hash of this password. Takes a tenth of a second or two on purpose.</summary>
    public static bool Matches(string passwordHash, string password)
    {
        ArgumentNullException.ThrowIfNull(passwordHash);
        ArgumentNullException.ThrowIfNull(password);
        return passwordHash.Split('$') is [Scheme, var iterations, var salt, var hash]
            && int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && Matches(password, count, Convert.FromBase64String(salt), Convert.FromBase64String(hash));
    }

    private static bool Matches(string password, int iterations, byte[] salt, byte[] hash) =>
        CryptographicOperations.FixedTimeEquals(hash, Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, hash.Length));
}
