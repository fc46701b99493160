using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ListServer.Hosting;

namespace ListServer.Load;

/// <summary>A sink in a process of its own, so that its processor time is not the server's.</summary>
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

    /// <summary>What it has taken.</summary>
    public Task<SinkCount> CountAsync(CancellationToken cancellationToken) => AskAsync("count", cancellationToken);

    /// <summary>What it has taken, forgotten after that.</summary>
    public Task<SinkCount> ClearAsync(CancellationToken cancellationToken) => AskAsync("clear", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<SinkCount> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } answer
            ? JsonSerializer.Deserialize<SinkCount>(answer)!
            : throw new IOException("The sink has ended.");
    }
}
