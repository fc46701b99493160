using System.Collections.Immutable;
using ListServer.MailAuth.Reports;

namespace ListServer.Lists.Reports;

/// <summary>Sums up the rows of an aggregate report by source.</summary>
public static class ReportSums
{
    private const int LongestName = 253;

    /// <summary>One count for each source, in the order of their first rows.</summary>
    /// <param name="report">The report.</param>
    /// <param name="within">Only messages with From in this domain or below it; a row that names none is about the policy's.</param>
    /// <param name="day">The day they are counted for.</param>
    public static ImmutableArray<SourceCount> BySource(AggregateReport report, string within, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(report);
        var sums = new Dictionary<string, Sum>();
        foreach (var row in report.Rows.Where(row => row.Count > 0 && (row.HeaderFrom.Length == 0 || IsWithin(row.HeaderFrom, within))))
        {
            var source = row.Source.ToString();
            if (!sums.TryGetValue(source, out var sum))
            {
                sums[source] = sum = new Sum(Short(report.Metadata.Organization), day.DayNumber);
            }

            sum.Add(row);
        }

        return [.. sums.Select(sum => new SourceCount(sum.Key, sum.Value.Counts, [.. sum.Value.Evidence]))];
    }

    /// <summary>True for the domain itself and names below it.</summary>
    public static bool IsWithin(string name, string domain) =>
        name.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (name.Length == domain.Length || name[name.Length - domain.Length - 1] == '.');

    private static string Short(string name) => (name.Length <= LongestName ? name : name[..LongestName]).ToLowerInvariant();

    private sealed class Sum(string reporter, int day)
    {
        public SourceCounts Counts { get; private set; }

        public List<Evidence> Evidence { get; } = [];

        public void Add(ReportRow row)
        {
            var isStopped = row.Disposition is RowDisposition.Quarantine or RowDisposition.Reject;
            Counts = Counts.Plus((row.DkimAligned, row.SpfAligned) switch
            {
                (true, true) => new SourceCounts(row.Count, 0, 0, 0, 0),
                (true, false) => new SourceCounts(0, row.Count, 0, 0, 0),
                (false, true) => new SourceCounts(0, 0, row.Count, 0, 0),
                _ => new SourceCounts(0, 0, 0, row.Count, isStopped ? row.Count : 0),
            });
            Note(row, EvidenceKind.Reporter, reporter);
            Note(row, EvidenceKind.From, row.HeaderFrom);
            foreach (var dkim in row.Dkim)
            {
                Note(row, EvidenceKind.Dkim, dkim.Domain, dkim.Selector ?? "", dkim.Result?.ToString() ?? "");
            }

            if (row.Spf is { Domain.Length: > 0 } spf)
            {
                Note(row, EvidenceKind.Spf, spf.Domain, "", spf.Result?.ToString() ?? "");
            }

            foreach (var reason in row.Reasons)
            {
                Note(row, EvidenceKind.Reason, reason.Kind.ToString());
            }
        }

        private void Note(ReportRow row, EvidenceKind kind, string name, string selector = "", string result = "") =>
            new Evidence(kind, Short(name), Short(selector), result.ToLowerInvariant(), row.IsPass ? row.Count : 0, row.IsPass ? 0 : row.Count, day).AddTo(Evidence, SourceTally.MostEvidence);
    }
}
