using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ListServer.MailAuth.Dns;

namespace ListServer.Outbound.Tls;

/// <summary>The TLSA records of one host, as DNSSEC vouched for them.</summary>
/// <remarks>Never changes.</remarks>
public sealed class TlsaSet
{
    private const int TrustAnchor = 2;
    private const int EndEntity = 3;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly ImmutableArray<TlsaRecord> _usable;

    /// <summary>Sorts out what can be used.</summary>
    public TlsaSet(IEnumerable<TlsaRecord> records)
    {
        Records = [.. records];
        var usable = Records.Where(IsUsable).ToList();

        // Of several digests of one kind only the strongest counts: who can forge the weaker gains nothing (RFC 7671 §9).
        _usable = [.. usable.Where(r => r.MatchingType == CertificateOctets.Exact || !usable.Exists(o => o.Usage == r.Usage && o.Selector == r.Selector && o.MatchingType > r.MatchingType))];
    }

    /// <summary>All records.</summary>
    public ImmutableArray<TlsaRecord> Records { get; }

    /// <summary>True when at least one can be used.</summary>
    public bool HasUsable => !_usable.IsEmpty;

    /// <summary>Holds what a server presented against the records. Null when it fits.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="presented">What else it sent.</param>
    /// <param name="names">Of these, one has to be in a certificate that an authority vouches for.</param>
    /// <param name="now">The present.</param>
    internal TlsFault? Judge(X509Certificate2 leaf, X509Certificate2Collection presented, ImmutableArray<string> names, DateTimeOffset now)
    {
        // Names and dates within a certificate that DNS itself names mean nothing (RFC 7672 §3.1.1).
        if (_usable.Any(r => r.Usage == EndEntity && CertificateOctets.AreNamedBy(r, leaf)))
        {
            return null;
        }

        var fault = new TlsFault(TlsFaultKind.ValidationFailure, "no TLSA record fits the certificate");
        foreach (var anchor in Anchors(presented))
        {
            if ((JudgeChain(leaf, presented, anchor, now) ?? JudgeName(leaf, names)) is not { } next)
            {
                return null;
            }

            fault = next;
        }

        return fault;
    }

    private static bool IsUsable(TlsaRecord record) =>
        // PKIX-TA(0) and PKIX-EE(1) have no meaning between mail servers, which share no set of authorities (RFC 7672 §3.1.3).
        record.Usage is TrustAnchor or EndEntity
        && record.Selector is CertificateOctets.WholeCertificate or CertificateOctets.PublicKey
        && CertificateOctets.HasRightLength(record.MatchingType, record.Association);

    /// <summary>The authorities that the records name: of those presented, and those that stand whole in DNS.</summary>
    private IEnumerable<X509Certificate2> Anchors(X509Certificate2Collection presented)
    {
        var records = _usable.Where(r => r.Usage == TrustAnchor).ToList();
        var whole = records.Where(r => r is { Selector: CertificateOctets.WholeCertificate, MatchingType: CertificateOctets.Exact }).Select(Load).OfType<X509Certificate2>();
        return presented.Where(c => records.Exists(r => CertificateOctets.AreNamedBy(r, c))).Concat(whole);
    }

    private static X509Certificate2? Load(TlsaRecord record)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(record.Association.AsSpan());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>True signatures and dates from the server's certificate up to the anchor; what is above it is nobody's concern (RFC 7672 §3.1.2).</summary>
    private static TlsFault? JudgeChain(X509Certificate2 leaf, X509Certificate2Collection presented, X509Certificate2 anchor, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(anchor);
        chain.ChainPolicy.ExtraStore.AddRange(presented);
        chain.ChainPolicy.ExtraStore.Add(anchor);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.Build(leaf);

        var elements = chain.ChainElements.ToList();
        var end = elements.FindIndex(e => e.Certificate.RawDataMemory.Span.SequenceEqual(anchor.RawDataMemory.Span));

        // The server's own certificate is no authority: index 0 is not looked at.
        if (end < 1)
        {
            return new TlsFault(TlsFaultKind.CertificateNotTrusted, "the authority that a TLSA record names did not issue the certificate");
        }

        // An anchor that is itself issued by somebody ends the chain all the same.
        var faults = elements.Take(end + 1).SelectMany(e => e.ChainElementStatus)
            .Where(s => s.Status is not (X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain)).ToList();
        return faults switch
        {
            [] => null,
            _ when faults.Exists(s => s.Status == X509ChainStatusFlags.NotTimeValid) => new TlsFault(TlsFaultKind.CertificateExpired, "the certificate is not valid now"),
            _ => new TlsFault(TlsFaultKind.CertificateNotTrusted, faults[0].StatusInformation.Trim()),
        };
    }

    /// <summary>RFC 7672 §3.2.2.</summary>
    private static TlsFault? JudgeName(X509Certificate2 leaf, ImmutableArray<string> names) =>
        names.Any(name => Uri.CheckHostName(name) == UriHostNameType.Dns && leaf.MatchesHostname(name))
            ? null
            : new TlsFault(TlsFaultKind.CertificateHostMismatch, $"the certificate is for none of {string.Join(", ", names)}");
}
