using System.Security.Cryptography;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;

namespace ListServer.Benchmarks;

/// <summary>What is measured of MailAuth. Everything runs in turns, so that a busy moment of the machine hits all alike.</summary>
internal sealed class MailAuthBenchmark : IDisposable
{
    /// <summary>What verification of the post costs at least: three RSA signatures (author, AMS, seal) and the hashes of what they cover.</summary>
    private const int Signatures = 3;
    private const int SignatureField = 900;

    private readonly SignedPost _post = SignedPost.Make();
    private readonly MessageAuthenticator _authenticator;
    private readonly BodyHash _body;
    private readonly DkimSigner _signer;
    private readonly RSA _rsa;
    private readonly byte[] _digest = SHA256.HashData("post"u8);
    private readonly byte[] _signature;

    public MailAuthBenchmark()
    {
        _authenticator = new MessageAuthenticator(new CachingResolver(_post, TimeProvider.System), TimeProvider.System);
        _body = BodyHash.Compute(_post.Unsigned.Body.Span);
        _signer = new DkimSigner(_post.List);
        _rsa = _post.ListRsa();
        _signature = _rsa.SignHash(_digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public SignedPost Post => _post;

    /// <summary>SPF, DKIM, ARC and DMARC of the whole post, which must all pass.</summary>
    public void Verify()
    {
        var task = _authenticator.VerifyAsync(RawMessage.Parse(_post.Message), SignedPost.ClientAddress, SignedPost.Helo, SignedPost.Sender);
        var report = task.GetAwaiter().GetResult();
        if (report.SpfMailFrom.Verdict != SpfVerdict.Pass || report.SpfHelo.Verdict != SpfVerdict.Pass
            || report.Dkim is not [{ Verdict: DkimVerdict.Pass }] || report.Arc.Verdict != ArcVerdict.Pass || report.Dmarc.Verdict != DmarcVerdict.Pass)
        {
            throw new InvalidOperationException(report.ToString());
        }
    }

    /// <summary>Only the cryptography of it: the body hashed once, and for each signature about what it covers, the author's header and a signature's field.</summary>
    public void VerifyBare()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var header = _post.Message.AsSpan(0, _post.Unsigned.HeaderOctets + SignatureField);
        _ = SHA256.HashData(_post.Unsigned.Body.Span, digest);
        for (var i = 0; i < Signatures; i++)
        {
            _ = SHA256.HashData(header, digest);
            _ = _rsa.VerifyHash(_digest, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    /// <summary>One recipient's signature over a header of its own, the body hashed before.</summary>
    public void Sign() => _ = _signer.Sign(_post.Unsigned.Fields, _body);

    public void SignBare() => _ = _rsa.SignHash(_digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>Octets allocated for one message, in the long run.</summary>
    public long Allocated()
    {
        const int messages = 2000;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < messages; i++)
        {
            Verify();
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / messages;
    }

    public void Dispose() => _rsa.Dispose();
}
