using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ListServer.MailAuth.Dkim;

/// <summary>An Ed25519 key (RFC 8463). The base class library has none.</summary>
internal sealed class Ed25519SigningKey : SigningKey
{
    private readonly Ed25519PrivateKeyParameters _key;
    private readonly byte[] _seed;
    private readonly byte[] _public;

    public Ed25519SigningKey(Ed25519PrivateKeyParameters key)
    {
        _key = key;
        _seed = key.GetEncoded();
        _public = key.GeneratePublicKey().GetEncoded();
        DnsRecord = "v=DKIM1; k=ed25519; p=" + Convert.ToBase64String(_public);
    }

    public override string Algorithm => "ed25519-sha256";

    public override int Bits => 256;

    public override string DnsRecord { get; }

    public override string ToPem(string? password = null) => PrivateKeyPem.Write(_key, password);

    internal override byte[] Sign(ReadOnlySpan<byte> hash)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, 0, _public, 0, hash.ToArray(), 0, hash.Length, signature, 0);
        return signature;
    }

    protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(_seed);
}
