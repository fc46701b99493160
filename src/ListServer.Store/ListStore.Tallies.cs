using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>Which reports there is something for, by receiver, day and policy domain. Reads all rows.</summary>
    public IEnumerable<DueReport> DueReports() =>
        _table.Walk(KeyRange.Of(TableKey.AllReceivedTallies)).Select(entry => TableKey.ReportOf(entry.Key)).Distinct();

    /// <summary>What a report is made of; empty when there is nothing.</summary>
    public IReadOnlyList<ReceivedTally> ReceivedTallies(DueReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Read<ReceivedTally>(_table.Walk(KeyRange.Of(TableKey.ReceivedTallies(report.Receiver, report.Day, report.PolicyDomain))));
    }

    /// <summary>How many messages are not in a report because there were too many sorts of them.</summary>
    public long UncountedMessages(DueReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Find<RowCount>(TableKey.ReceivedRows(report.Receiver, report.Day, report.PolicyDomain))?.Dropped ?? 0;
    }

    /// <summary>What DNS said of a domain when it was last asked; null when it never was, or too long ago.</summary>
    public DomainFacts? FindDomainFacts(string domain) => Find<DomainFacts>(TableKey.DomainFacts(domain));

    /// <summary>What became of reports lately, the newest day first.</summary>
    public IReadOnlyList<ReportOutcome> ReportOutcomes() =>
        [.. Read<ReportOutcome>(_table.Walk(KeyRange.Of(TableKey.ReportOutcomes))).OrderByDescending(outcome => outcome.Report.Day).ThenBy(outcome => outcome.Report.PolicyDomain, StringComparer.Ordinal)];
}
