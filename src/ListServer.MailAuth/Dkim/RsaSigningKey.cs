using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace ListServer.MailAuth.Dkim;

/// <summary>An RSA key in System.Security.Cryptography: fifteen times as fast here as the other library.</summary>
internal sealed class RsaSigningKey(RSA rsa) : SigningKey
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, PrivateKeyPem.Iterations);

    public override string Algorithm => "rsa-sha256";

    public override int Bits => rsa.KeySize;

    public override string DnsRecord { get; } = "v=DKIM1; k=rsa; p=" + Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());

    public static RsaSigningKey? TryImport(RsaPrivateCrtKeyParameters parameters)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(DotNetUtilities.ToRSAParameters(parameters));
            return new RsaSigningKey(rsa);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }

    public override string ToPem(string? password = null) =>
        password is null ? rsa.ExportPkcs8PrivateKeyPem() : rsa.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption);

    internal override byte[] Sign(ReadOnlySpan<byte> hash)
    {
        var signature = new byte[(rsa.KeySize + 7) / 8];
        rsa.SignHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return signature;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rsa.Dispose();
        }
    }
}
