using System.Collections.Immutable;
using ListServer.Store;

namespace ListServer.Admin.SentReports;

/// <summary>Sends the reports of all days that are over, without waiting for the next round.</summary>
public sealed record SendReports : UseCase<IReadOnlyList<ReportOutcome>>
{
    internal static readonly RefusedUseCase NoServer = new(Refusal.TryLater, "No server runs on this data folder; 'listserver serve' is what counts mail and sends reports.");

    private ImmutableArray<ReportOutcome>? _sent;

    // DNS is asked about each domain: others need not wait for it.
    internal override async Task<UseCase<IReadOnlyList<ReportOutcome>>> PrepareAsync(AdminContext context, CancellationToken cancellationToken) =>
        context.SendReports is { } send ? this with { _sent = await send(cancellationToken) } : this;

    /// <inheritdoc/>
    public override Task<Outcome<IReadOnlyList<ReportOutcome>>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        Task.FromResult(_sent is { } sent ? Outcome.Done<IReadOnlyList<ReportOutcome>>(sent) : NoServer);
}

/// <summary>Reports on their way.</summary>
/// <param name="Waiting">What is being counted, or will be sent with the next round.</param>
/// <param name="Settled">What became of those of the last thirty days, the newest first.</param>
public sealed record ReportsOnTheirWay(IReadOnlyList<DueReport> Waiting, IReadOnlyList<ReportOutcome> Settled);

/// <summary>Which reports wait, and what became of others.</summary>
public sealed record BrowseSentReports : Query<ReportsOnTheirWay>
{
    /// <inheritdoc/>
    protected override Outcome<ReportsOnTheirWay> Look(AdminContext context) => new ReportsOnTheirWay([.. context.Store.DueReports()], context.Store.ReportOutcomes());
}
