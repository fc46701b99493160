using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Smtp.Tests;

/// <summary>A listener on a free loopback port, with a clock that only the test moves.</summary>
internal sealed class House : IAsyncDisposable
{
    public static readonly SslStreamCertificateContext Certificate = Certify("mx.example.org");

    private House(SmtpListener listener, FakeReception reception, FakeTimeProvider clock) =>
        (Listener, Reception, Clock) = (listener, reception, clock);

    public SmtpListener Listener { get; }

    public FakeReception Reception { get; }

    public FakeTimeProvider Clock { get; }

    public static async Task<House> OpenAsync(
        SmtpRole role = SmtpRole.Relay, SmtpLimits? limits = null, Func<SmtpEndpoint, SmtpEndpoint>? change = null)
    {
        var endpoint = new SmtpEndpoint
        {
            Role = role,
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            HostName = "mx.example.org",
            Certificate = () => Certificate,
            Limits = limits ?? new SmtpLimits(),
        };
        var reception = new FakeReception();
        var clock = new FakeTimeProvider();
        var listener = new SmtpListener(change?.Invoke(endpoint) ?? endpoint, reception, clock, NullLoggerFactory.Instance);
        await listener.StartAsync(TestContext.Current.CancellationToken);
        return new House(listener, reception, clock);
    }

    /// <summary>A new connection, from 127.0.0.1 or another loopback address.</summary>
    public Task<Caller> CallAsync(string from = "127.0.0.1") => Caller.ConnectAsync((IPEndPoint)Listener.BoundEndPoint, IPAddress.Parse(from));

    /// <summary>A new connection that plays a script.</summary>
    public async Task PlayAsync(string script)
    {
        await using var caller = await CallAsync();
        await caller.PlayAsync(script);
    }

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    public static SslStreamCertificateContext Certify(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }
}
