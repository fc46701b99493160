using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ListServer.Configuration;

namespace ListServer.Reception;

/// <summary>The certificate that reception shows: from PEM files, read again when they change, or self-signed, made at first start.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan SelfSignedLife = TimeSpan.FromDays(3650);

    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly Lock _reading = new();
    private DateTime _readAt;
    private SslStreamCertificateContext _current;

    private ServerCertificate(string certificatePath, string keyPath)
    {
        (_certificatePath, _keyPath) = (certificatePath, keyPath);
        (_current, _readAt) = (Read(), Changed());
    }

    /// <summary>Opens the configured files, or those of the self-signed certificate in the data folder.</summary>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="CryptographicException">A file holds no certificate, or no key that fits it.</exception>
    public static ServerCertificate Open(SmtpOptions options, string dataFolder, string hostName, TimeProvider time)
    {
        if (options.Certificate.Length > 0)
        {
            return new ServerCertificate(options.Certificate, options.CertificateKey.Length > 0 ? options.CertificateKey : options.Certificate);
        }

        var path = Path.Combine(dataFolder, "tls", "self-signed.pem");
        if (!File.Exists(path))
        {
            MakeSelfSigned(path, hostName, time);
        }

        return new ServerCertificate(path, path);
    }

    /// <summary>The certificate as it stands now. A renewed file that can't be read leaves the old one in place.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_reading)
        {
            if (Changed() is var changed && changed != _readAt)
            {
                try
                {
                    (_current, _readAt) = (Read(), changed);
                }
                catch (Exception problem) when (problem is IOException or CryptographicException or UnauthorizedAccessException)
                {
                    // Certificate and key are two files: between their two renewals they don't fit. The next handshake tries again.
                }
            }

            return _current;
        }
    }

    private DateTime Changed()
    {
        var (certificate, key) = (File.GetLastWriteTimeUtc(_certificatePath), File.GetLastWriteTimeUtc(_keyPath));
        return certificate > key ? certificate : key;
    }

    private SslStreamCertificateContext Read()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        using var pem = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);

        // SslStream wants the key in a form that a PEM import does not give on every platform.
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private static void MakeSelfSigned(string path, string hostName, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(hostName, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(hostName);
        }

        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + SelfSignedLife);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var writer = new StreamWriter(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        writer.Write($"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
