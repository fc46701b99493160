namespace ListServer.Outbound.Tls;

/// <summary>What was wrong with TLS, in the words of RFC 8460 §4.3.</summary>
public enum TlsFaultKind
{
    /// <summary>STARTTLS is not offered, or refused.</summary>
    StarttlsNotSupported,

    /// <summary>The certificate is for other names.</summary>
    CertificateHostMismatch,

    /// <summary>The certificate, or one above it, is not valid now.</summary>
    CertificateExpired,

    /// <summary>Nobody whom we trust vouches for the certificate.</summary>
    CertificateNotTrusted,

    /// <summary>Signed TLSA records stand there, but none can be used.</summary>
    TlsaInvalid,

    /// <summary>TLSA records got no answer, or a forged one.</summary>
    DnssecInvalid,

    /// <summary>A policy's host did not prove its name.</summary>
    StsWebpkiInvalid,

    /// <summary>A policy could not be fetched.</summary>
    StsPolicyFetchError,

    /// <summary>A policy could not be understood.</summary>
    StsPolicyInvalid,

    /// <summary>Anything else: a handshake that broke, no TLSA record that fits, a host that a policy does not name.</summary>
    ValidationFailure,
}

/// <summary>Why a connection is not as safe as it has to be.</summary>
/// <param name="Kind">In the words of RFC 8460 §4.3.</param>
/// <param name="Text">In ours, one clause.</param>
public sealed record TlsFault(TlsFaultKind Kind, string Text)
{
    /// <summary>The kind as reports write it: "certificate-host-mismatch".</summary>
    public static string Word(TlsFaultKind kind) => kind switch
    {
        TlsFaultKind.StarttlsNotSupported => "starttls-not-supported",
        TlsFaultKind.CertificateHostMismatch => "certificate-host-mismatch",
        TlsFaultKind.CertificateExpired => "certificate-expired",
        TlsFaultKind.CertificateNotTrusted => "certificate-not-trusted",
        TlsFaultKind.TlsaInvalid => "tlsa-invalid",
        TlsFaultKind.DnssecInvalid => "dnssec-invalid",
        TlsFaultKind.StsWebpkiInvalid => "sts-webpki-invalid",
        TlsFaultKind.StsPolicyFetchError => "sts-policy-fetch-error",
        TlsFaultKind.StsPolicyInvalid => "sts-policy-invalid",
        _ => "validation-failure",
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Word(Kind)}: {Text}";
}
