using System.Diagnostics;
using System.Text.Json;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>How a command ended.</summary>
internal sealed record Ended(int Code, byte[] Octets, string Error)
{
    public string Output => System.Text.Encoding.UTF8.GetString(Octets);

    /// <summary>What it said with --json; a command that failed fails the test with its own words.</summary>
    public JsonElement Json
    {
        get
        {
            Code.ShouldBe(0, Error);
            return JsonDocument.Parse(Octets).RootElement;
        }
    }
}

/// <summary>The program as users have it: the built apphost.</summary>
internal static class Listserver
{
    /// <summary>The time after which a process counts as hanging. Far beyond what any of them takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static readonly string Configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    public static string PathOfApphost { get; } = Path.Combine(Repository, "src", "ListServer", "bin", Configuration, "net10.0", "listserver");

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            process.StandardInput.Close();
            using var output = new MemoryStream();
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(output, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new Ended(process.ExitCode, output.ToArray(), await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"listserver {string.Join(' ', arguments)} did not end.");
        }
    }

    /// <summary>Starts a command; all its streams are the caller's.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(PathOfApphost, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };

        // What the tester's own shell says about a server is not for this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LISTSERVER_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ListServer.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests don't run inside the repository.");
        }

        return folder.FullName;
    }
}
