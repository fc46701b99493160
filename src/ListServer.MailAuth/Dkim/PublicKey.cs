using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ListServer.MailAuth.Dkim;

/// <summary>A public key from a key record. Safe for concurrent use.</summary>
internal abstract class PublicKey
{
    /// <summary>True when <paramref name="signature"/> is this key's over the SHA-256 <paramref name="hash"/>.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> hash, byte[] signature);

    /// <summary>Why the key may not be used although it is one (RFC 8301 §3.2), or null.</summary>
    public virtual string? Weakness => null;

    /// <summary>A key of 4096 bits takes 550.</summary>
    private const int MaximumRsaOctets = 600;

    public static bool TryReadRsa(byte[] der, [NotNullWhen(true)] out PublicKey? key)
    {
        if (der.Length > MaximumRsaOctets)
        {
            // Not even taken apart: that is dear where a message names fifty of them (AUTH-98).
            key = new LongKey();
            return true;
        }

        var rsa = RSA.Create();
        if (Import(rsa, der))
        {
            key = new RsaKey(rsa);
            return true;
        }

        rsa.Dispose();
        key = null;
        return false;
    }

    /// <summary>RFC 8463 §4.1: the 32 octets of the key, nothing around them.</summary>
    public static bool TryReadEd25519(byte[] octets, [NotNullWhen(true)] out PublicKey? key)
    {
        key = octets.Length == Ed25519.PublicKeySize ? new Ed25519Key(octets) : null;
        return key is not null;
    }

    /// <summary>A SubjectPublicKeyInfo as everybody publishes (erratum 3017 to RFC 6376 §3.6.1), or a bare RSAPublicKey as the text says.</summary>
    private static bool Import(RSA rsa, byte[] der)
    {
        try
        {
            rsa.ImportSubjectPublicKeyInfo(der, out var read);
            return read == der.Length;
        }
        catch (CryptographicException)
        {
            try
            {
                rsa.ImportRSAPublicKey(der, out var read);
                return read == der.Length;
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }

    private sealed class RsaKey(RSA rsa) : PublicKey
    {
        private const int Minimum = 1024;

        /// <summary>RFC 8301 §3.2: up to 4096 must be verified (AUTH-25).</summary>
        private const int Maximum = 4096;

        /// <summary>Everybody uses 65537, and some libraries compute with no more than 32 bits; one as long as the modulus makes each verification a hundred times as dear (AUTH-98).</summary>
        private const int MaximumExponentOctets = 4;

        public override string? Weakness { get; } = rsa.KeySize switch
        {
            < Minimum => $"an RSA key of {rsa.KeySize} bits is too short",
            > Maximum => $"an RSA key of {rsa.KeySize} bits is too long",
            _ when ExponentOctets(rsa) > MaximumExponentOctets => "the exponent of the RSA key is too long",
            _ => null,
        };

        private static int ExponentOctets(RSA rsa)
        {
            try
            {
                return rsa.ExportParameters(includePrivateParameters: false).Exponent?.Length ?? 0;
            }
            catch (CryptographicException)
            {
                return 0; // nor can anything be verified with it
            }
        }

        public override bool Verify(ReadOnlySpan<byte> hash, byte[] signature)
        {
            try
            {
                return rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                return false; // a key that parses but can't be computed with (an even modulus, an exponent of 0)
            }
        }
    }

    /// <summary>More octets than any key of an acceptable length.</summary>
    private sealed class LongKey : PublicKey
    {
        public override string Weakness => "the RSA key is too long";

        public override bool Verify(ReadOnlySpan<byte> hash, byte[] signature) => false;
    }

    private sealed class Ed25519Key(byte[] octets) : PublicKey
    {
        // RFC 8463 §3: PureEdDSA over the SHA-256 of the header.
        public override bool Verify(ReadOnlySpan<byte> hash, byte[] signature) =>
            signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, octets, 0, hash.ToArray(), 0, hash.Length);
    }
}
