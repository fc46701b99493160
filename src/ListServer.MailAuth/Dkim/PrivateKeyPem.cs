using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace ListServer.MailAuth.Dkim;

/// <summary>Private keys in PEM (RFC 7468, and the older form of OpenSSL).</summary>
internal static class PrivateKeyPem
{
    public const int Iterations = 20_000;

    /// <summary>Ten times what an RSA key of 8192 bits takes.</summary>
    private const int MaximumLength = 65_536;

    /// <summary>Reads the first key; what is wrong comes back as words, null when the key was read.</summary>
    public static string? TryRead(string pem, string? password, out AsymmetricKeyParameter? key)
    {
        key = null;
        if (pem.Length > MaximumLength)
        {
            return "the PEM text is too long for a key";
        }

        if (!pem.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            return "no PEM text: a line -----BEGIN … PRIVATE KEY----- is missing";
        }

        try
        {
            using var reader = new PemReader(new StringReader(pem), new Password(password));
            key = reader.ReadObject() switch
            {
                AsymmetricCipherKeyPair pair => pair.Private,
                AsymmetricKeyParameter { IsPrivate: true } single => single,
                _ => null,
            };
            return key is null ? "no private key in the PEM text" : null;
        }
        catch (Org.BouncyCastle.OpenSsl.PasswordException)
        {
            return "the key is encrypted, and no password was given";
        }
        catch (Exception e) when (e is IOException or CryptoException or GeneralSecurityException or ArgumentException or FormatException or InvalidOperationException
            or IndexOutOfRangeException or InvalidCastException)
        {
            return password is null ? "the PEM text can't be read as a private key" : "the PEM text can't be read as a private key, or the password is wrong";
        }
    }

    public static string Write(AsymmetricKeyParameter key, string? password)
    {
        if (password is null)
        {
            return PemEncoding.WriteString("PRIVATE KEY", PrivateKeyInfoFactory.CreatePrivateKeyInfo(key).GetDerEncoded());
        }

        var encrypted = EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
            NistObjectIdentifiers.IdAes256Cbc,
            PkcsObjectIdentifiers.IdHmacWithSha256,
            password.ToCharArray(),
            RandomNumberGenerator.GetBytes(16),
            Iterations,
            new SecureRandom(),
            key);
        return PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", encrypted.GetDerEncoded());
    }

    private sealed class Password(string? text) : IPasswordFinder
    {
        public char[]? GetPassword() => text?.ToCharArray();
    }
}
