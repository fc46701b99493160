using System.Collections.Concurrent;
using ListServer.Admin.Members;
using ListServer.Lists.Jobs;

namespace ListServer.Admin.Jobs;

/// <summary>Runs jobs beside everything else: between two batches others have their turn.</summary>
/// <remarks>Safe for concurrent use. What runs when the process ends is told to have been interrupted, now or at the next start.</remarks>
public sealed class JobRuns(LocalDesk desk) : IAsyncDisposable
{
    private const int BatchSize = 1_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Task> _running = new();

    /// <summary>Begins an import and goes on with it.</summary>
    /// <param name="start">What to add to which list.</param>
    /// <param name="fileName">For the record of consent (AUTH-83).</param>
    /// <param name="wording">What they agreed to, in the words that were shown; may be empty.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancellationToken">Heeded before it began only.</param>
    public async Task<Outcome<Job>> StartAsync(StartImport start, string fileName, string wording, string actor, CancellationToken cancellationToken)
    {
        var outcome = await desk.For(actor).RunAsync(start, cancellationToken);
        if (outcome is Outcome<Job>.Done(var job))
        {
            Run(job, () => ImportAsync(job, start.Text, fileName, wording));
        }

        return outcome;
    }

    /// <summary>Begins to make a list's members those of a file, and goes on with it.</summary>
    /// <inheritdoc cref="StartAsync(StartImport, string, string, string, CancellationToken)"/>
    public async Task<Outcome<Job>> StartAsync(SyncMembers sync, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var outcome = await desk.For(actor).RunAsync(new StartSync(sync.List), cancellationToken);
        if (outcome is Outcome<Job>.Done(var job))
        {
            Run(job, () => SyncAsync(job, sync));
        }

        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Run(Job job, Func<Task> run) => _running[job.Id] = Task.Run(async () =>
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await desk.For(job.By).RunAsync(new EndJob(job.Id, JobState.Interrupted, "The server ended while it ran. Start it again: who is on the list already is passed over."), CancellationToken.None);
        }
        catch (IOException full)
        {
            await desk.For(job.By).RunAsync(new EndJob(job.Id, JobState.Failed, full.Message), CancellationToken.None);
        }
        finally
        {
            _running.TryRemove(job.Id, out _);
        }
    });

    private async Task ImportAsync(Job job, string text, string fileName, string wording)
    {
        var own = desk.For(job.By);
        if (await own.RunAsync(new ReadImport(job.List, text), _stop.Token) is not Outcome<IReadOnlyList<ImportLine>>.Done(var lines))
        {
            await own.RunAsync(new EndJob(job.Id, JobState.Failed, $"The list {job.List} is gone."), _stop.Token);
            return;
        }

        // What was counted is what is done, though somebody may have been banned since: the last batch brings the count to its end.
        foreach (var batch in lines.Take(job.Total).Chunk(BatchSize))
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (await own.RunAsync(new ImportBatch(job.Id, [.. batch], fileName, wording), _stop.Token) is Outcome<Job>.Refused(_, var message))
            {
                await own.RunAsync(new EndJob(job.Id, JobState.Failed, message), _stop.Token);
                return;
            }
        }

        await own.RunAsync(new EndJob(job.Id, JobState.Done), _stop.Token);
    }

    private async Task SyncAsync(Job job, SyncMembers sync)
    {
        var own = desk.For(job.By);
        var end = await own.RunAsync(sync, _stop.Token) switch
        {
            Outcome<SyncReport>.Done(var report) => new EndJob(job.Id, JobState.Done, "", report),
            Outcome<SyncReport>.Refused(_, var message) => new EndJob(job.Id, JobState.Failed, message),
            _ => new EndJob(job.Id, JobState.Failed),
        };
        await own.RunAsync(end, _stop.Token);
    }
}
