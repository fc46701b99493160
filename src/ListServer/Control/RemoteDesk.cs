using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ListServer.Admin;

namespace ListServer.Control;

/// <summary>A refusal on the wire.</summary>
internal sealed record RefusalBody(Refusal Kind, string Message);

/// <summary>Takes use cases to the running server over the Unix socket in its data folder.</summary>
internal sealed class RemoteDesk : IAdminDesk, IAsyncDisposable
{
    public const string ActorHeader = "Listserver-Actor";

    private readonly HttpClient _client;

    private RemoteDesk(string socketPath) => _client = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectToAsync(socketPath, cancellationToken), ownsSocket: true),
    })
    {
        BaseAddress = new Uri("http://listserver"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The socket of the server that works on a data folder.</summary>
    public static string SocketPath(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "control.sock");

    /// <summary>Connects, or answers null when no server listens there.</summary>
    public static async Task<RemoteDesk?> ConnectAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var path = SocketPath(dataFolder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var probe = await ConnectToAsync(path, cancellationToken);
            return new RemoteDesk(path);
        }
        catch (SocketException)
        {
            // A socket file that a killed server left behind.
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<T>> RunAsync<T>(UseCase<T> useCase, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, useCase.GetType().Name)
        {
            Content = JsonContent.Create(useCase, useCase.GetType(), options: Wire.Options),
        };
        request.Headers.TryAddWithoutValidation(ActorHeader, Uri.EscapeDataString(Desk.Actor));
        using var response = await _client.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return new Outcome<T>.Done((await response.Content.ReadFromJsonAsync<T>(Wire.Options, cancellationToken))!);
        }

        try
        {
            var refusal = await response.Content.ReadFromJsonAsync<RefusalBody>(Wire.Options, cancellationToken);
            return new Outcome<T>.Refused(refusal!.Kind, refusal.Message);
        }
        catch (JsonException)
        {
            return new Outcome<T>.Refused(Refusal.TryLater, $"The server answered {(int)response.StatusCode}; its log says more.");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<Socket> ConnectToAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
