using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ListServer.Tests.Outbound;

/// <summary>A root, an authority under it, and the certificates it gives out.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.Parse("2020-01-01Z", null);
    private static readonly DateTimeOffset End = DateTimeOffset.Parse("2120-01-01Z", null);
    private int _serial = 10;

    public TestAuthority(string name = "Test Authority")
    {
        Root = Create("CN=Test Root", null, [], true, End);
        Authority = Create("CN=" + name, Root, [], true, End);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Leaf(params string[] names) => Create("CN=server", Authority, names, false, End);

    public X509Certificate2 ExpiredLeaf(params string[] names) => Create("CN=server", Authority, names, false, DateTimeOffset.Parse("2021-01-01Z", null));

    /// <summary>A certificate of the old kind, with the name as its subject and nowhere else.</summary>
    public X509Certificate2 Named(string name) => Create("CN=" + name, Authority, [], false, End);

    private X509Certificate2 Create(string subject, X509Certificate2? issuer, string[] names, bool isAuthority, DateTimeOffset end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            Array.ForEach(names, alternatives.AddDnsName);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        if (issuer is null)
        {
            using var own = request.CreateSelfSigned(Begin, end);
            return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
        }

        using var issued = request.Create(issuer, Begin, end, [(byte)_serial++]);
        using var whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }
}
