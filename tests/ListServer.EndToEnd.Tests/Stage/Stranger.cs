using System.Diagnostics;
using System.Text.Json;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>A program of other people's that signs, seals and judges: one process, a JSON request a line, a JSON answer a line.</summary>
internal sealed class Stranger : IDisposable
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Stranger(string name, string program, string script, int nameServerPort)
    {
        Name = name;
        _process = Process.Start(new ProcessStartInfo(program, [Path.Combine(AppContext.BaseDirectory, "Strangers", script), $"{nameServerPort}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public string Name { get; }

    /// <summary>Debian's python3-dkim with dnspython. The system's own Python: another one in PATH does not see Debian's packages.</summary>
    public static Stranger Dkimpy(int nameServerPort) => new("python3-dkim", "/usr/bin/python3", "dkimpy.py", nameServerPort);

    /// <summary>npm mailauth.</summary>
    public static Stranger Mailauth(int nameServerPort) => new("mailauth", "node", "mailauth.mjs", nameServerPort);

    /// <summary>Asks, and waits for the answer. One question at a time.</summary>
    /// <exception cref="InvalidOperationException">It ended instead: its own words.</exception>
    public async Task<T> AskAsync<T>(object request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Listserver.Patience);
        string? answer = null;
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, Form).AsMemory(), deadline.Token);
            await _process.StandardInput.FlushAsync(deadline.Token);
            answer = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        }
        catch (IOException)
        {
            // It ended before it read.
        }

        return answer is null
            ? throw new InvalidOperationException($"{Name} ended; tests/run installs what it needs. {await _errors}")
            : JsonSerializer.Deserialize<T>(answer, Form)!;
    }

    /// <summary>What it says about each of these.</summary>
    public Task<Judgement[]> JudgeAsync(IEnumerable<byte[]> messages, CancellationToken cancellationToken) =>
        JudgeAsync(messages.Select(message => new Delivery("", "", message)), cancellationToken);

    /// <summary>What it says about each of these.</summary>
    public async Task<Judgement[]> JudgeAsync(IEnumerable<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var copies = deliveries.Select(delivery => new { mailFrom = delivery.MailFrom, message = delivery.Octets });
        return (await AskAsync<Answers>(new { op = "judge", copies }, cancellationToken)).Judgements;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private sealed record Answers(Judgement[] Judgements);
}
