using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ListServer.Tests.Outbound;

/// <summary>Certificates for peers, each its own root.</summary>
internal static class TestCertificates
{
    public static X509Certificate2 Localhost { get; } = Create("localhost", DateTimeOffset.Parse("2020-01-01Z", null), DateTimeOffset.Parse("2120-01-01Z", null));
    public static X509Certificate2 OtherName { get; } = Create("other.test", DateTimeOffset.Parse("2020-01-01Z", null), DateTimeOffset.Parse("2120-01-01Z", null));
    public static X509Certificate2 Expired { get; } = Create("localhost", DateTimeOffset.Parse("2020-01-01Z", null), DateTimeOffset.Parse("2021-01-01Z", null));

    /// <summary>Writes the certificates' public halves for <see cref="ListServer.Outbound.OutboundOptions.TrustFile"/>.</summary>
    public static string TrustFile(params X509Certificate2[] certificates)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pem");
        File.WriteAllText(file, string.Concat(certificates.Select(c => c.ExportCertificatePem() + "\n")));
        return file;
    }

    private static X509Certificate2 Create(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(name == "localhost" ? IPAddress.Loopback : IPAddress.Parse("192.0.2.1"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(from, to);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
