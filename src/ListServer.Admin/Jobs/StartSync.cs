using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists.Jobs;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Jobs;

/// <summary>Begins to make a list's members those of a file; <see cref="JobRuns"/> goes on with <see cref="SyncMembers"/>, which is one commit or nothing.</summary>
/// <param name="List">The posting address.</param>
public sealed record StartSync(string List) : UseCase<Job>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Job>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var job = new Job(OrderedId.New(context.Time), JobKind.Sync, list.Address, context.Actor, context.Time.GetUtcNow(), 0);
        await context.CommitAsync(new JobSaved(job), cancellationToken);
        return job;
    }
}

/// <summary>Writes down how a job ended that did not end by itself.</summary>
/// <param name="Id">The job.</param>
/// <param name="State">How.</param>
/// <param name="Problem">Why, in words; may be empty.</param>
/// <param name="Report">What a synchronisation came to; null for none.</param>
public sealed record EndJob(string Id, JobState State, string Problem = "", SyncReport? Report = null) : UseCase<Job>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Job>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindJob(Id) is not { } job)
        {
            return ShowJob.Missing(Id);
        }

        if (job.State is not JobState.Running)
        {
            return RefusedUseCase.Conflict($"The job {Id} does not run any more.");
        }

        var ended = job with { State = State, Problem = Problem, EndedAt = context.Time.GetUtcNow() };
        if (Report is { } report)
        {
            var total = report.Added.Length + report.Removed.Length + report.Unchanged;
            ended = ended with { Total = total, Handled = total, Added = report.Added.Length, Removed = report.Removed.Length, AlreadyMembers = report.Unchanged };
        }

        await context.CommitAsync(new JobSaved(ended), cancellationToken);
        return ended;
    }
}

/// <summary>At the server's start: jobs that ran when it ended do not run any more. What they did is whole.</summary>
public sealed record InterruptJobs : UseCase<int>
{
    /// <inheritdoc/>
    public override async Task<Outcome<int>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        List<Change> changes = [.. context.Store.Jobs().Where(job => job.State is JobState.Running).Select(job => new JobSaved(job with
        {
            State = JobState.Interrupted,
            EndedAt = context.Time.GetUtcNow(),
            Problem = "The server ended while it ran. Start it again: who is on the list already is passed over.",
        }))];
        if (changes.Count > 0)
        {
            await context.CommitAsync(changes, cancellationToken);
        }

        return changes.Count;
    }
}
