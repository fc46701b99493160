using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ListServer.Tests.Outbound;

/// <summary>A web server on loopback that gives out an MTA-STS policy, whatever host name leads to it.</summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private PolicyHost(WebApplication application) => _application = application;

    /// <summary>Answers each request.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often it was asked.</summary>
    public int Requests { get; private set; }

    private int Port => new Uri(_application.Urls.First()).Port;

    public static async Task<PolicyHost> StartAsync(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = [issuer];
        })));
        var host = new PolicyHost(builder.Build());
        host._application.Run(http =>
        {
            host.Requests++;
            return host.Answer(http);
        });
        await host._application.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Gives out this policy from now on.</summary>
    public void Give(string policy, string type = "text/plain; charset=utf-8") => Answer = http =>
    {
        http.Response.ContentType = type;
        return http.Request.Path == "/.well-known/mta-sts.txt" ? http.Response.WriteAsync(policy) : Fail(404)(http);
    };

    public static Func<HttpContext, Task> Fail(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Takes the place of the name server and the network: every host is this one.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        host.Port.ShouldBe(443);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
