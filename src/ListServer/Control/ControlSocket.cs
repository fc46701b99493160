using ListServer.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ListServer.Control;

/// <summary>
/// The running server's desk for the command line: HTTP over a Unix socket that only the server's own user can open.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ControlSocket(WebApplication application) => _application = application;

    /// <summary>Opens the socket in the data folder.</summary>
    public static async Task<ControlSocket> StartAsync(string dataFolder, LocalDesk desk, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var path = RemoteDesk.SocketPath(dataFolder);
        File.Delete(path);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = "listserver" });
        builder.Logging.ClearProviders();
        builder.Services.Add(Microsoft.Extensions.DependencyInjection.ServiceDescriptor.Singleton(logs));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 256 << 20;
            kestrel.ListenUnixSocket(path);
        });
        var application = builder.Build();
        MapAll(application, desk);
        await application.StartAsync(cancellationToken);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new ControlSocket(application);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    /// <summary>Every use case there is: whoever may open the socket may read and write the data folder, too.</summary>
    private static void MapAll(WebApplication application, LocalDesk desk)
    {
        var map = new Map(application, desk);
        var add = typeof(Map).GetMethod(nameof(Map.Add))!;
        foreach (var useCase in typeof(UseCase<>).Assembly.GetTypes().Where(t => !t.IsAbstract))
        {
            if (AnswerOf(useCase) is { } answer)
            {
                add.MakeGenericMethod(useCase, answer).Invoke(map, null);
            }
        }
    }

    /// <summary>The answer's type of a use case, or null for a type that is none.</summary>
    private static Type? AnswerOf(Type type)
    {
        while (type.BaseType is { } parent)
        {
            if (parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(UseCase<>))
            {
                return parent.GetGenericArguments()[0];
            }

            type = parent;
        }

        return null;
    }

    private sealed record Map(IEndpointRouteBuilder Routes, LocalDesk Desk)
    {
        public void Add<TUseCase, TAnswer>()
            where TUseCase : UseCase<TAnswer> =>
            Routes.MapPost("/" + typeof(TUseCase).Name, async (HttpContext http) =>
            {
                var useCase = await http.Request.ReadFromJsonAsync<TUseCase>(Wire.Options, http.RequestAborted);
                var actor = Uri.UnescapeDataString(http.Request.Headers[RemoteDesk.ActorHeader].ToString());
                switch (await Desk.For(actor).RunAsync(useCase!, http.RequestAborted))
                {
                    case Outcome<TAnswer>.Done(var answer):
                        await http.Response.WriteAsJsonAsync(answer, Wire.Options, http.RequestAborted);
                        break;
                    case Outcome<TAnswer>.Refused(var kind, var message):
                        http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                        await http.Response.WriteAsJsonAsync(new RefusalBody(kind, message), Wire.Options, http.RequestAborted);
                        break;
                }
            });
    }
}
