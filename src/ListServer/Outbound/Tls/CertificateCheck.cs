using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ListServer.Outbound.Tls;

/// <summary>Judges the certificate of one connection by what the operator and the host's side ask.</summary>
/// <remarks>For one handshake.</remarks>
internal sealed class CertificateCheck(Hop hop, X509Certificate2Collection? roots, TimeProvider clock)
{
    /// <summary>What was wrong with the certificate, even where that changes nothing; null when it was not.</summary>
    public TlsFault? Fault { get; private set; }

    /// <summary>The handshake's settings.</summary>
    public SslClientAuthenticationOptions ToOptions()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,

            // A stranger's certificate sends us to no address of its choice.
            DisableCertificateDownloads = true,
        };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return new SslClientAuthenticationOptions
        {
            // RFC 7672 §8.1: the name of the TLSA records is told, lest the server shows another certificate.
            TargetHost = hop.Name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsGood(certificate as X509Certificate2, chain, errors),
        };
    }

    private bool IsGood(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Fault = hop switch
        {
            { Policy: HostPolicy.Encrypted } => null,

            // Any certificate is better than clear text, which is what the sender would get otherwise (RFC 7435 §3).
            { Policy: null, Tls: TlsMode.Opportunistic } => null,
            _ when certificate is null || chain is null => new TlsFault(TlsFaultKind.ValidationFailure, "the server gave no certificate"),
            { Policy: HostPolicy.Sts { IsNamed: false } } => new TlsFault(TlsFaultKind.ValidationFailure, $"the domain's MTA-STS policy does not name {hop.Name}"),
            { Policy: HostPolicy.Dane dane } => dane.Tlsa.Judge(certificate, chain.ChainPolicy.ExtraStore, dane.Names, clock.GetUtcNow()),
            { Policy: HostPolicy.Sts } => JudgePublicly(chain, errors) ?? JudgeName(certificate),
            _ => JudgePublicly(chain, errors),
        };

        // What a policy in mode testing finds is told and changes nothing (RFC 8461 §5).
        return Fault is null || hop is { Policy: HostPolicy.Sts, Tls: TlsMode.Opportunistic };
    }

    /// <summary>RFC 8461 §4.2: a subject alternative name, and no other.</summary>
    private TlsFault? JudgeName(X509Certificate2 certificate) =>
        Uri.CheckHostName(hop.Name) == UriHostNameType.Dns && certificate.MatchesHostname(hop.Name, allowCommonName: false) ? null : OtherName();

    private TlsFault OtherName() => new(TlsFaultKind.CertificateHostMismatch, $"the certificate is not for {hop.Name}");

    private TlsFault? JudgePublicly(X509Chain chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? null
        : chain.ChainStatus.Any(s => s.Status == X509ChainStatusFlags.NotTimeValid) ? new TlsFault(TlsFaultKind.CertificateExpired, "the certificate is not valid now")
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? OtherName()
        : new TlsFault(TlsFaultKind.CertificateNotTrusted, chain.ChainStatus is [var first, ..] ? first.StatusInformation.Trim() : "nobody whom this machine trusts vouches for it");
}
