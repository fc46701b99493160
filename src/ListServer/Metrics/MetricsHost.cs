using ListServer.Configuration;
using ListServer.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ListServer.Metrics;

/// <summary>/metrics for Prometheus, /healthz and /readyz for whoever watches the process. For the operator's own machines: nothing asks for a password.</summary>
internal sealed class MetricsHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly PrometheusPage _page;

    private MetricsHost(WebApplication application, PrometheusPage page) => (_application, _page) = (application, page);

    /// <summary>Where the first endpoint listens.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="options">Where to listen.</param>
    /// <param name="instruments">What to show.</param>
    /// <param name="trouble">Why the server can't go on; null while it can.</param>
    /// <param name="isReady">True once mail is taken.</param>
    /// <param name="logs">For the web server.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ServerStartException">An address is taken or not ours.</exception>
    public static async Task<MetricsHost> StartAsync(
        MetricsOptions options, Instruments instruments, Func<string?> trouble, Func<bool> isReady, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = "listserver" });
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var endPoint in options.Listen)
            {
                kestrel.Listen(endPoint);
            }
        });
        var page = new PrometheusPage(instruments);
        var application = builder.Build();
        application.MapGet("/metrics", () => Results.Text(page.Write(), PrometheusPage.ContentType));
        application.MapGet("/healthz", () => Answer(trouble()));
        application.MapGet("/readyz", () => Answer(trouble() ?? (isReady() ? null : "starting or stopping")));
        var host = new MetricsHost(application, page);
        try
        {
            await application.StartAsync(cancellationToken);
            return host;
        }
        catch (IOException taken)
        {
            await host.DisposeAsync();
            throw new ServerStartException($"Metrics:Listen={string.Join(',', options.Listen)}: {taken.Message}", taken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _page.Dispose();
    }

    private static IResult Answer(string? trouble) => Results.Text(trouble ?? "ok", statusCode: trouble is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
