using System.Diagnostics;
using System.Text;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>A running "listserver serve" on a folder of its own.</summary>
internal sealed class Serving : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private Serving(Process process, string folder) => (_process, Folder) = (process, folder);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>What it wrote on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts it and waits for its word.</summary>
    public static Task<Serving> StartAsync(string folder, IEnumerable<string> settings, CancellationToken cancellationToken) =>
        StartAsync(folder, settings, new Dictionary<string, string>(), cancellationToken);

    /// <summary>Starts it in a changed environment and waits for its word.</summary>
    public static async Task<Serving> StartAsync(
        string folder, IEnumerable<string> settings, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var process = Apphost.Start(environment, ["serve", "--data", folder, .. settings.SelectMany(setting => new[] { "--set", setting })]);
        var serving = new Serving(process, folder);
        process.ErrorDataReceived += (_, line) => serving.Hear(line.Data);
        process.BeginErrorReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Listserver.Patience);
        var word = await process.StandardOutput.ReadLineAsync(deadline.Token);
        word.ShouldBe("ready", serving.Errors);
        return serving;
    }

    /// <summary>Runs a command on its data folder; it must succeed. What it answers is JSON.</summary>
    public async Task<System.Text.Json.JsonElement> DoAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await Listserver.RunAsync(cancellationToken, [.. arguments, "--data", Folder, "--json"])).Json;

    /// <summary>Sends SIGTERM and waits for the end; answers the exit code.</summary>
    public async Task<int> StopAsync(TimeSpan limit)
    {
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]))
        {
            await kill.WaitForExitAsync(CancellationToken.None);
        }

        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"The server did not stop within {limit}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync(Listserver.Patience);
        }

        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Hear(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }
}
