using ListServer.Admin;
using ListServer.Configuration;
using ListServer.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ListServer.Hosting;

/// <summary>The pages' own web application.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    // The largest thing that comes by a form: a file of a million members.
    private const long MostOctets = 64 << 20;

    private readonly WebApplication _application;

    private WebHost(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>Where the first endpoint listens.</summary>
    public Uri Address { get; }

    /// <exception cref="ServerStartException">An address is taken or not ours.</exception>
    public static async Task<WebHost> StartAsync(string dataFolder, ServerOptions options, LocalDesk desk, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = "listserver" });
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.Services.AddSingleton(desk);
        builder.Services.AddSingleton(time);
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(dataFolder, "web-keys")));
        builder.Services.AddWebFace(new WebSettings(options.Web.BaseUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase), options.Web.TrustedProxies)
        {
            BaseUrl = options.Web.BaseUrl.Length > 0 ? new Uri(options.Web.BaseUrl) : null,
            Provider = ProviderOf(options.Web.Oidc),
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostOctets;
            foreach (var endPoint in options.Web.Listen)
            {
                kestrel.Listen(endPoint);
            }
        });
        var application = builder.Build();
        application.MapWebFace();
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            await application.DisposeAsync();
            throw new ServerStartException($"Web:Listen={string.Join(',', options.Web.Listen)}: {taken.Message}", taken);
        }

        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new WebHost(application, new Uri(addresses.First()));
    }

    private static IdentityProvider? ProviderOf(OidcOptions oidc) => oidc.Authority.Length == 0
        ? null
        : new IdentityProvider(new Uri(oidc.Authority), oidc.ClientId, oidc.ClientSecret, oidc.Name.Length > 0 ? oidc.Name : new Uri(oidc.Authority).Host);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
