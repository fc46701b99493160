using ListServer.Admin.Keys;
using ListServer.Lists.Reports;

namespace ListServer.Admin.Reports;

/// <summary>Reports that came in, the newest first.</summary>
/// <param name="Domain">About one domain, or null for all, domain by domain.</param>
/// <param name="Limit">How many at the most.</param>
public sealed record BrowseReports(string? Domain, int Limit) : Query<IReadOnlyList<ReceivedReport>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<ReceivedReport>> Look(AdminContext context) =>
        Domain is not null && MissingDomain.Find(context.Store, Domain) is null ? MissingDomain.Refuse(Domain)
        : Limit < 1 ? RefusedUseCase.Invalid("A limit is 1 or more.")
        : Outcome.Done<IReadOnlyList<ReceivedReport>>([.. context.Store.Reports(Domain).Take(Limit)]);
}

/// <summary>One report.</summary>
/// <param name="Id">Its ID.</param>
public sealed record ShowReport(string Id) : Query<ReceivedReport>
{
    /// <inheritdoc/>
    protected override Outcome<ReceivedReport> Look(AdminContext context) =>
        context.Store.Reports(domain: null).FirstOrDefault(report => report.Id == Id) is { } found
            ? found
            : RefusedUseCase.NotFound($"There is no report '{Id}'. 'listserver report list' names those of the last {SourceTally.KeptDays} days.");
}
