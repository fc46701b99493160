using ListServer.Conformance;

// Answers the batch protocol of the conformance suites: one JSON request a line on standard input, one JSON answer a line on
// standard output, in any order. Requests run side by side; the gate keeps a large batch from opening too many sockets.
using var gate = new SemaphoreSlim(64);
using var output = Console.OpenStandardOutput();
using var lines = new LineWriter(output);
var running = new List<Task>();
while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } line)
{
    if (line.Length == 0)
    {
        continue;
    }

    await gate.WaitAsync().ConfigureAwait(false);
    running.RemoveAll(t => t.IsCompletedSuccessfully);
    running.Add(Task.Run(async () =>
    {
        try
        {
            await lines.WriteAsync(await Answers.AnswerAsync(line).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }));
}

await Task.WhenAll(running).ConfigureAwait(false);
