using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;

namespace ListServer.MailAuth.Dkim;

/// <summary>A private key that signs: RSA (rsa-sha256, RFC 6376 §3.3) or Ed25519 (ed25519-sha256, RFC 8463).</summary>
/// <remarks>Safe for concurrent use: one instance serves all threads.</remarks>
public abstract class SigningKey : IDisposable
{
    internal const int MinimumRsaBits = 1024;

    private protected SigningKey()
    {
    }

    /// <summary>The value of a= that this key signs with: rsa-sha256 or ed25519-sha256.</summary>
    public abstract string Algorithm { get; }

    /// <summary>The size of the key in bits: of the modulus for RSA, 256 for Ed25519.</summary>
    public abstract int Bits { get; }

    /// <summary>The text of the TXT record to publish at selector._domainkey.domain (RFC 6376 §3.6.1). Over 255 octets it is split into strings there.</summary>
    public abstract string DnsRecord { get; }

    /// <summary>Reads a key from PEM: PKCS#8 (encrypted or not) for both kinds, PKCS#1 (encrypted in the manner of OpenSSL or not) for RSA.</summary>
    /// <param name="pem">The text; what stands around the first key is ignored.</param>
    /// <param name="password">The password of an encrypted key; null or ignored for others.</param>
    /// <param name="key">The key.</param>
    /// <param name="error">What is wrong, in words that hold nothing of the key.</param>
    public static bool TryLoad(
        string pem,
        string? password,
        [NotNullWhen(true)] out SigningKey? key,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(pem);
        error = PrivateKeyPem.TryRead(pem, password, out var parameters);
        key = parameters switch
        {
            RsaPrivateCrtKeyParameters rsa => Load(rsa, ref error),
            Ed25519PrivateKeyParameters ed25519 => new Ed25519SigningKey(ed25519),
            _ => null,
        };
        error ??= key is null ? "not an RSA or Ed25519 key" : null;
        return key is not null;
    }

    /// <summary>Makes a new RSA key. Takes a noticeable part of a second.</summary>
    /// <param name="bits">The size of the modulus, 2048 to 4096 (RFC 8301 §3.2).</param>
    public static SigningKey GenerateRsa(int bits = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2048);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 4096);
        return new RsaSigningKey(RSA.Create(bits));
    }

    /// <summary>Makes a new Ed25519 key.</summary>
    public static SigningKey GenerateEd25519() => new Ed25519SigningKey(new Ed25519PrivateKeyParameters(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Writes the key as PEM, PKCS#8.</summary>
    /// <param name="password">When given, the key is encrypted with it (PBES2, AES-256-CBC).</param>
    public abstract string ToPem(string? password = null);

    /// <summary>Ends the use of the key.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The signature of a SHA-256 hash.</summary>
    internal abstract byte[] Sign(ReadOnlySpan<byte> hash);

    /// <summary>Ends the use of the key.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);

    private static RsaSigningKey? Load(RsaPrivateCrtKeyParameters parameters, ref string? error)
    {
        // RFC 8301 §3.2: "Signers MUST use RSA keys of at least 1024 bits".
        if (parameters.Modulus.BitLength < MinimumRsaBits)
        {
            error = $"an RSA key of {parameters.Modulus.BitLength} bits is too short: at least {MinimumRsaBits}, better 2048";
            return null;
        }

        if (RsaSigningKey.TryImport(parameters) is { } key)
        {
            return key;
        }

        error = "the RSA key is damaged";
        return null;
    }
}
