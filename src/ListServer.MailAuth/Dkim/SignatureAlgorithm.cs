namespace ListServer.MailAuth.Dkim;

/// <summary>The values of a= that are known (RFC 6376 §3.3, RFC 8301 §3.1, RFC 8463 §3).</summary>
internal enum SignatureAlgorithm
{
    Unknown,
    RsaSha1,
    RsaSha256,
    Ed25519Sha256,
}
