using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ListServer.Smtp;

/// <summary>The certificate of a first start, good enough for opportunistic TLS (RFC 7435 §3).</summary>
public static class SelfSignedCertificate
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <summary>Writes a certificate and its key, readable by the owner alone, unless both files are there. True when it wrote.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static bool WriteIfMissing(string certificatePath, string keyPath, string hostName, TimeProvider clock)
    {
        if (File.Exists(certificatePath) && File.Exists(keyPath))
            return false;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Create(key, hostName, clock.GetUtcNow());
        WritePrivate(keyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        return true;
    }

    private static X509Certificate2 Create(ECDsa key, string hostName, DateTimeOffset now)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(hostName);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now - ClockSkew, now.AddYears(10));
    }

    private static void WritePrivate(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(pem);
    }
}
