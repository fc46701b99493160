using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ListServer.Hosting;

namespace ListServer.Load;

/// <summary>The sink and the author's client in a process of their own, so that their processor time is not the server's.</summary>
internal sealed class SinkProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SinkProcess(Process process, IPEndPoint endPoint) => (_process, EndPoint) = (process, endPoint);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts one; <paramref name="delay"/> is how much later its answers come.</summary>
    public static async Task<SinkProcess> StartAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        // Beside this assembly, whichever program runs it.
        var program = Path.Combine(AppContext.BaseDirectory, "listserver");
        string[] arguments = ["load", "sink", "--reply-delay", delay.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)];
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && IPEndPoint.TryParse(line, out var endPoint))
        {
            return new SinkProcess(process, endPoint);
        }

        process.Dispose();
        throw new ServerStartException("The sink did not start.");
    }

    /// <summary>What it has taken, as soon as it is so much, or after a second.</summary>
    public Task<SinkCount> CountAsync(long recipients, CancellationToken cancellationToken) => CountAsync(string.Create(CultureInfo.InvariantCulture, $"count {recipients}"), cancellationToken);

    /// <summary>What it has taken, forgotten after that.</summary>
    public Task<SinkCount> ClearAsync(CancellationToken cancellationToken) => CountAsync("clear", cancellationToken);

    /// <summary>Has it bring the posts of a file to a server.</summary>
    /// <exception cref="IOException">One was not accepted.</exception>
    public async Task PostAsync(IPEndPoint server, int connections, string file, CancellationToken cancellationToken)
    {
        if (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"post {server} {connections} {file}"), cancellationToken) is { Length: > 0 } problem)
        {
            throw new IOException(problem);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<SinkCount> CountAsync(string line, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<SinkCount>(await AskAsync(line, cancellationToken))!;

    private async Task<string> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new IOException("The sink has ended.");
    }
}
