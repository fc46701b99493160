namespace ListServer.Hosting;

/// <summary>A loop that runs beside the others until it is disposed.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private Worker(Func<CancellationToken, Task> run) => _run = Task.Run(() => run(_stop.Token));

    public static Worker Start(Func<CancellationToken, Task> run) => new(run);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        _stop.Dispose();
    }
}
