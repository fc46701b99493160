using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace ListServer.Smtp;

/// <summary>
/// A certificate in PEM files, read anew when a renewal has changed them: <see cref="Current"/> fits <see cref="SmtpEndpoint.Certificate"/>.
/// </summary>
/// <remarks>Safe from many threads.</remarks>
public sealed class PemCertificate
{
    /// <summary>How old an answer may be before the files are looked at again.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile SslStreamCertificateContext _context;
    private DateTime _changed;
    private long _looked;

    /// <param name="certificatePath">The certificate, then its intermediates.</param>
    /// <param name="keyPath">The private key, unencrypted; may be the same file.</param>
    /// <param name="clock">Tells when to look again.</param>
    /// <param name="logger">Told of a renewal, and of one that cannot be read.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">A file holds no certificate or key, or they do not belong together.</exception>
    public PemCertificate(string certificatePath, string keyPath, TimeProvider clock, ILogger<PemCertificate> logger)
    {
        (_certificatePath, _keyPath, _clock, _logger) = (certificatePath, keyPath, clock, logger);
        _changed = LastChange();
        _looked = clock.GetTimestamp();
        _context = Read();
    }

    /// <summary>The certificate of the last renewal that could be read.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_looked) >= Freshness)
            {
                _looked = _clock.GetTimestamp();
                Renew();
            }
            return _context;
        }
    }

    private void Renew()
    {
        try
        {
            var changed = LastChange();
            if (changed == _changed)
                return;
            _context = Read();
            _changed = changed;
            Log.CertificateRenewed(_logger, _certificatePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Half written, perhaps: the old one serves until the next look.
            Log.CertificateUnreadable(_logger, _certificatePath, e);
        }
    }

    private DateTime LastChange()
    {
        var certificate = File.GetLastWriteTimeUtc(_certificatePath);
        var key = File.GetLastWriteTimeUtc(_keyPath);
        return certificate > key ? certificate : key;
    }

    private SslStreamCertificateContext Read()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
