using System.Diagnostics;

namespace ListServer.Soak;

/// <summary>The program as users run it, and a folder of its own.</summary>
internal sealed class ServerProcess(string folder, IReadOnlyList<string> settings) : IAsyncDisposable
{
    private static readonly string Program = Find();
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    /// <summary>How long the slowest start took until it said that it is ready.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>CPU time of the running process.</summary>
    public TimeSpan CpuTime => _process is { HasExited: false } running ? running.TotalProcessorTime : TimeSpan.Zero;

    public static async Task CommandAsync(string folder, params string[] arguments)
    {
        using var process = Begin([.. arguments, "--data", folder]);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"listserver {string.Join(' ', arguments)}: {await error}");
        }
    }

    public static async Task<string> AnswerAsync(string folder, params string[] arguments)
    {
        using var process = Begin([.. arguments, "--data", folder]);
        _ = process.StandardError.ReadToEndAsync();
        return await process.StandardOutput.ReadToEndAsync();
    }

    public async Task StartAsync()
    {
        var watch = Stopwatch.StartNew();
        _process = Begin(["serve", "--data", folder, .. settings.SelectMany(setting => new[] { "--set", setting })]);
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

    private static Process Begin(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LISTSERVER_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = folder.Parent!.Name;
        while (!File.Exists(Path.Combine(folder.FullName, "ListServer.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The soak test does not run inside the repository.");
        }

        return Path.Combine(folder.FullName, "src", "ListServer", "bin", configuration, "net10.0", "listserver");
    }
}
