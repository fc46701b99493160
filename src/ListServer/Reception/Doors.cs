using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ListServer.Configuration;
using ListServer.Hosting;
using ListServer.Smtp;
using ListServer.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ListServer.Reception;

/// <summary>All addresses that take mail: relay, submission and LMTP.</summary>
internal sealed class Doors : IAsyncDisposable
{
    private readonly List<SmtpListener> _listeners = [];

    private readonly PemCertificate _certificate;

    private Doors(PemCertificate certificate) => _certificate = certificate;

    /// <summary>Where mail from other servers is taken in clear, with the ports that port 0 became.</summary>
    public IReadOnlyList<IPEndPoint> RelayEndPoints { get; private set; } = [];

    /// <summary>When the certificate expires that is shown to clients.</summary>
    public DateTimeOffset CertificateExpiry => _certificate.Current().TargetCertificate.NotAfter;

    /// <summary>Opens them all, or none.</summary>
    /// <exception cref="ServerStartException">An address is taken or not ours, or the certificate can't be read.</exception>
    public static async Task<Doors> OpenAsync(
        string dataFolder, ServerOptions options, ListStore store, Acceptance acceptance, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var certificate = OpenCertificate(dataFolder, options, time, logs);
        var accounts = new AccountDoor(store, time);
        var doors = new Doors(certificate);
        try
        {
            foreach (var plan in Plans(options))
            {
                var reception = new ListReception(store, options, acceptance, accounts, plan.Role, logs.CreateLogger<ListReception>());
                var listener = new SmtpListener(Endpoint(plan, options, certificate), reception, time, logs);
                doors._listeners.Add(listener);
                await StartAsync(listener, plan, cancellationToken);
            }
        }
        catch
        {
            await doors.DisposeAsync();
            throw;
        }

        doors.RelayEndPoints = [.. doors._listeners.Take(options.Smtp.Listen.Length).Select(listener => (IPEndPoint)listener.BoundEndPoint)];
        return doors;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_listeners.Select(listener => listener.DisposeAsync().AsTask()));

    private static IEnumerable<Plan> Plans(ServerOptions options) =>
    [
        .. options.Smtp.Listen.Select(at => new Plan("Smtp:Listen", at, ReceptionRole.Relay, IsTlsImplicit: false)),
        .. options.Smtp.TlsListen.Select(at => new Plan("Smtp:TlsListen", at, ReceptionRole.Relay, IsTlsImplicit: true)),
        .. options.Submission.Listen.Select(at => new Plan("Submission:Listen", at, ReceptionRole.Submission, IsTlsImplicit: false)),
        .. options.Submission.TlsListen.Select(at => new Plan("Submission:TlsListen", at, ReceptionRole.Submission, IsTlsImplicit: true)),
        .. options.Lmtp.Listen.Select(at => new Plan("Lmtp:Listen", at, ReceptionRole.Lmtp, IsTlsImplicit: false)),
    ];

    private static SmtpEndpoint Endpoint(Plan plan, ServerOptions options, PemCertificate certificate) => new()
    {
        Role = plan.Role switch
        {
            ReceptionRole.Relay => SmtpRole.Relay,
            ReceptionRole.Submission => SmtpRole.Submission,
            _ => SmtpRole.Lmtp,
        },
        ListenEndPoint = plan.At,
        HostName = options.HostName,
        IsTlsImplicit = plan.IsTlsImplicit,
        Certificate = certificate.Current,
        TrustedNetworks = options.Smtp.TrustedProxies,
        Limits = new SmtpLimits
        {
            MaxMessageSize = options.Smtp.MaxMessageOctets,
            MaxRecipients = options.Smtp.MaxRecipients,
            MaxConnections = options.Smtp.MaxConnections,
            PerAddress = new ClientQuota(options.Smtp.MaxConnectionsPerAddress, options.Smtp.MaxConnectionsPerAddress * 10),
            PerNetwork = new ClientQuota(options.Smtp.MaxConnectionsPerAddress * 3, options.Smtp.MaxConnectionsPerAddress * 30),
            PerWideNetwork = new ClientQuota(options.Smtp.MaxConnectionsPerAddress * 9, options.Smtp.MaxConnectionsPerAddress * 90),
            CommandTimeout = options.Smtp.IdleTimeout,
        },
    };

    private static PemCertificate OpenCertificate(string dataFolder, ServerOptions options, TimeProvider time, ILoggerFactory logs)
    {
        try
        {
            var (certificate, key) = (options.Smtp.Certificate, options.Smtp.CertificateKey.Length > 0 ? options.Smtp.CertificateKey : options.Smtp.Certificate);
            if (certificate.Length == 0)
            {
                var folder = Path.Combine(dataFolder, "tls");
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                (certificate, key) = (Path.Combine(folder, "self-signed.pem"), Path.Combine(folder, "self-signed.key"));
                SelfSignedCertificate.WriteIfMissing(certificate, key, options.HostName, time);
            }

            return new PemCertificate(certificate, key, time, logs.CreateLogger<PemCertificate>());
        }
        catch (Exception problem) when (problem is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"Smtp:Certificate: {problem.Message}", problem);
        }
    }

    private static async Task StartAsync(SmtpListener listener, Plan plan, CancellationToken cancellationToken)
    {
        try
        {
            await listener.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is AddressInUseException or SocketException)
        {
            throw new ServerStartException($"{plan.Option}={plan.At}: {problem.Message}", problem);
        }
    }

    private sealed record Plan(string Option, IPEndPoint At, ReceptionRole Role, bool IsTlsImplicit);
}
