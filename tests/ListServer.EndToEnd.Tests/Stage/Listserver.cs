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

/// <summary>Commands of the program as users have it.</summary>
internal static class Listserver
{
    /// <summary>The time after which a process counts as hanging. Far beyond what any of them takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Apphost.Start(arguments);
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
}
