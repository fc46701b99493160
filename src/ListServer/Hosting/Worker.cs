namespace ListServer.Hosting;

/// <summary>A loop that runs beside the others until it is disposed.</summary>
internal sealed class Worker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private Worker(Func<CancellationToken, Task> run) => Run = Task.Run(() => run(_stop.Token));

    /// <summary>The loop itself: it ends when it is told to, or with the exception that broke it.</summary>
    public Task Run { get; }

    public static Worker Start(Func<CancellationToken, Task> run) => new(run);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // A loop that broke has told so through Run already.
        await Run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
