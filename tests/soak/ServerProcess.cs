using System.Diagnostics;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.Soak;

/// <summary>The program as users run it, and a folder of its own.</summary>
internal sealed class ServerProcess(string folder, IReadOnlyList<string> settings) : IAsyncDisposable
{
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    /// <summary>How long the slowest start took until it said that it is ready.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>CPU time of the running process.</summary>
    public TimeSpan CpuTime => _process is { HasExited: false } running ? running.TotalProcessorTime : TimeSpan.Zero;

    /// <summary>Runs a command to its end; answers what it printed.</summary>
    public static async Task<string> CommandAsync(string folder, params string[] arguments)
    {
        using var process = Apphost.Start([.. arguments, "--data", folder]);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"listserver {string.Join(' ', arguments)}: {await error}");
    }

    public async Task StartAsync()
    {
        var watch = Stopwatch.StartNew();
        _process = Apphost.Start(["serve", "--data", folder, .. settings.SelectMany(setting => new[] { "--set", setting })]);
        var error = _process.StandardError.ReadToEndAsync();
        if (await _process.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"The server did not start: {await error}");
        }

        _reading = error;
        SlowestStart = watch.Elapsed > SlowestStart ? watch.Elapsed : SlowestStart;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }
}
