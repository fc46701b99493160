using ListServer.Admin.People;
using ListServer.Lists.Jobs;

namespace ListServer.Admin.Jobs;

/// <summary>A job, for somebody who runs its list.</summary>
/// <param name="Id">The job.</param>
/// <param name="Address">Who wants to see it.</param>
public sealed record ShowJob(string Id, string Address) : Query<Job>
{
    /// <inheritdoc/>
    protected override Outcome<Job> Look(AdminContext context) => context.Store.FindJob(Id) is { } job && BrowseJobs.MaySee(context, job, Address) ? job : Missing(Id);

    internal static RefusedUseCase Missing(string id) => RefusedUseCase.NotFound($"There is no job {id}.");
}

/// <summary>The latest jobs of the lists that somebody runs, the newest first.</summary>
/// <param name="Address">Who wants to see them.</param>
/// <param name="List">Of one list, by its posting address; null for all.</param>
public sealed record BrowseJobs(string Address, string? List = null) : Query<IReadOnlyList<Job>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Job>> Look(AdminContext context) => Outcome.Done<IReadOnlyList<Job>>(
        [.. context.Store.Jobs().Where(job => (List is null || job.List.Equals(List, StringComparison.OrdinalIgnoreCase)) && MaySee(context, job, Address))]);

    internal static bool MaySee(AdminContext context, Job job, string address) =>
        ShowVisitor.Of(context.Store, address, "", context.Store.FindUser(address), job.List).May(Right.Own);
}
