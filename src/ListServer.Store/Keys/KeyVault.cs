using System.Security.Cryptography;
using System.Text;

namespace ListServer.Store.Keys;

/// <summary>
/// Encrypts keys at rest: AES-256-GCM, each key under one of its own, derived by HKDF from what PBKDF2 makes of the operator's secret. The salt stands beside the
/// keys with a check, by which a wrong secret is known at once.
/// </summary>
internal sealed class KeyVault
{
    private const string Label = "LISTSERVER ENCRYPTED KEY";
    private const string Check = "salt";
    private const string CheckName = "check";
    private const int SaltOctets = 16;
    private const int KeyOctets = 32;

    // Once a start.
    private const int Iterations = 200_000;

    private readonly byte[] _master;

    private KeyVault(string secret, byte[] salt) => _master = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, Iterations, HashAlgorithmName.SHA256, KeyOctets);

    /// <summary>The vault of a folder of keys, made at the first start with a secret; null where keys are not encrypted.</summary>
    /// <exception cref="StoreException">The secret is missing, or is not the one that they were encrypted with.</exception>
    public static KeyVault? Open(string folder, IDisk disk, string secret)
    {
        var path = Path.Combine(folder, Check);
        if (File.Exists(path))
        {
            return secret.Length == 0
                ? throw new StoreException("The keys in the data folder are encrypted. Give the secret that they were encrypted with: Keys:Secret, or LISTSERVER_KEYS__SECRET in the environment.")
                : OpenAgain(File.ReadAllText(path), secret);
        }

        if (secret.Length == 0)
        {
            return null;
        }

        var salt = RandomNumberGenerator.GetBytes(SaltOctets);
        var vault = new KeyVault(secret, salt);
        StoreFolders.WriteWhole(disk, path, Encoding.ASCII.GetBytes($"{Convert.ToBase64String(salt)}\n{vault.Seal(CheckName, CheckName)}\n"));
        return vault;
    }

    /// <summary>True for a text that a vault has written.</summary>
    public static bool IsSealed(string text) => text.StartsWith($"-----BEGIN {Label}-----", StringComparison.Ordinal);

    /// <summary>The text, encrypted for its name.</summary>
    public string Seal(string name, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var (nonceOctets, tagOctets) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var octets = new byte[nonceOctets + tagOctets + plain.Length];
        RandomNumberGenerator.Fill(octets.AsSpan(0, nonceOctets));
        using var cipher = Cipher(name);
        cipher.Encrypt(octets.AsSpan(0, nonceOctets), plain, octets.AsSpan(nonceOctets + tagOctets), octets.AsSpan(nonceOctets, tagOctets), Encoding.UTF8.GetBytes(name));
        CryptographicOperations.ZeroMemory(plain);
        return PemEncoding.WriteString(Label, octets);
    }

    /// <summary>What <see cref="Seal"/> encrypted for that name; null when it is damaged, another name's, or of another secret.</summary>
    public string? Unseal(string name, string text)
    {
        var (nonceOctets, tagOctets) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        if (!PemEncoding.TryFind(text, out var fields) || Convert.FromBase64String(text[fields.Base64Data]) is not { } octets || octets.Length < nonceOctets + tagOctets)
        {
            return null;
        }

        var plain = new byte[octets.Length - nonceOctets - tagOctets];
        try
        {
            using var cipher = Cipher(name);
            cipher.Decrypt(octets.AsSpan(0, nonceOctets), octets.AsSpan(nonceOctets + tagOctets), octets.AsSpan(nonceOctets, tagOctets), plain, Encoding.UTF8.GetBytes(name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static KeyVault OpenAgain(string file, string secret) =>
        file.Split('\n', 2) is [var salt, var check] && new KeyVault(secret, Convert.FromBase64String(salt)) is var vault && vault.Unseal(CheckName, check) == CheckName
            ? vault
            : throw new StoreException("Keys:Secret is not the secret that the keys in the data folder were encrypted with.");

    private AesGcm Cipher(string name) => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, KeyOctets, info: Encoding.UTF8.GetBytes(name)), AesGcm.TagByteSizes.MaxSize);
}
