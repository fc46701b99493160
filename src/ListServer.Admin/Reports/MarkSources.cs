using ListServer.Admin.Keys;
using ListServer.Lists.Reports;
using ListServer.Store.Changes;

namespace ListServer.Admin.Reports;

/// <summary>Says of sources whether they send for a domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Name">An organisation or network as <see cref="ExplainReports"/> names it, or one address.</param>
/// <param name="Mark">What they are; none takes it back.</param>
public sealed record MarkSources(string Domain, string Name, SourceMark Mark) : UseCase<int>
{
    /// <inheritdoc/>
    public override async Task<Outcome<int>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        var to = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        var judged = await ExplainReports.JudgeAsync(context, domain, to.AddDays(-SourceTally.KeptDays), to, cancellationToken);
        var sources = judged.Where(source => source.Tally.Source == Name || string.Equals(ExplainReports.NameOf(source), Name, StringComparison.OrdinalIgnoreCase))
            .Select(source => source.Tally.Source).Where(source => source.Length > 0).ToList();
        if (sources.Count == 0)
        {
            return RefusedUseCase.NotFound($"No report about {domain.Name} knows {Name}. 'listserver report explain {domain.Name}' names who sends.");
        }

        await context.CommitAsync(new SourcesMarked(domain.Name, [.. sources], Mark), cancellationToken);
        return sources.Count;
    }
}
