using System.Security.Cryptography;
using System.Text;
using ListServer.Lists;
using ListServer.Lists.Reports;
using ListServer.MailAuth.Reports;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Reports;

/// <summary>What becomes of a document that came as a report.</summary>
public enum ReportFate
{
    /// <summary>It is kept, and counted.</summary>
    Taken,

    /// <summary>It is kept and not counted: nobody vouches for it.</summary>
    Doubted,

    /// <summary>It was here already.</summary>
    Known,

    /// <summary>It is not kept.</summary>
    Refused,
}

/// <summary>What becomes of a document, in words.</summary>
/// <param name="Fate">What.</param>
/// <param name="Words">Why it was refused or is doubted; otherwise empty.</param>
/// <param name="Report">The report, where it is one of ours.</param>
public sealed record ReportAnswer(ReportFate Fate, string Words, ReceivedReport? Report);

/// <summary>Decides about a document: whether it is a report, about a domain of ours, about a time that can be, and not here yet.</summary>
/// <param name="Store">The state.</param>
/// <param name="Now">The time.</param>
/// <param name="From">The address it came from, or who gave it to the server.</param>
/// <param name="ByMail">True where it came by mail; false where an operator gave it.</param>
/// <param name="Doubt">Why nobody vouches for it; null where somebody does.</param>
public sealed record ReportIntake(ListStore Store, DateTimeOffset Now, string From, bool ByMail, string? Doubt)
{
    private const int DaysOfTallies = SourceTally.KeptDays;
    private static readonly TimeSpan WrongClocks = TimeSpan.FromDays(1);

    /// <summary>Decides; <paramref name="change"/> is what is to be committed, or null.</summary>
    /// <param name="document">The document, alone or in a gzip or zip file.</param>
    /// <param name="change">What to commit.</param>
    public ReportAnswer Decide(ReadOnlyMemory<byte> document, out Change? change)
    {
        (var answer, change) = ReportDocument.Read(document) switch
        {
            ReportDocument.OfDmarc(var report) when HostOf(report.Policy.Domain) is { } domain => Weigh(Of(report, domain)),
            ReportDocument.OfDmarc(var report) => Foreign(report.Policy.Domain),
            ReportDocument.OfTls(var report) when HostOf(report.Policies[0].Domain) is { } domain => Weigh(Of(report, domain)),
            ReportDocument.OfTls(var report) => Foreign(report.Policies[0].Domain),
            ReportDocument.Unreadable(var problem) => Refuse(problem),
            _ => throw new InvalidOperationException("A document is one of three."),
        };
        return answer;
    }

    private (ReportAnswer Answer, Change? Change) Weigh(DmarcReportTaken taken) => Weigh(taken.Report, taken);

    private (ReportAnswer Answer, Change? Change) Weigh(TlsReportTaken taken) => Weigh(taken.Report, taken);

    private (ReportAnswer Answer, Change? Change) Weigh(ReceivedReport report, Change change) =>
        ProblemWithTime(report) is { } wrong ? Refuse(wrong)
        : Store.HasReport(report) ? (new ReportAnswer(ReportFate.Known, "", report), null)
        : (new ReportAnswer(Doubt is null ? ReportFate.Taken : ReportFate.Doubted, Doubt ?? "", report), change);

    private DmarcReportTaken Of(AggregateReport report, string domain)
    {
        var (head, policy) = (report.Metadata, report.Policy);
        var received = new ReceivedReport(Id(ReportKind.Dmarc, head.Organization, head.ReportId, policy.Domain, head.Begin), domain, ReportKind.Dmarc)
        {
            PolicyDomain = policy.Domain.ToLowerInvariant(),
            Organization = head.Organization,
            ReportId = head.ReportId,
            Begin = head.Begin,
            End = head.End,
            ReceivedAt = Now,
            From = From,
            ByMail = ByMail,
            Doubt = Doubt,
            Policy = policy.Policy,
            IsTesting = policy.IsTesting is true,
            Rows = report.Rows.Length,
        };
        var sources = ReportSums.BySource(report, domain, received.Day);
        received = received with { Passed = sources.Sum(source => source.Counts.Passed), Failed = sources.Sum(source => source.Counts.Failed) };
        return new DmarcReportTaken(received, Doubt is null ? sources : []);
    }

    private TlsReportTaken Of(TlsReport report, string domain)
    {
        var policies = report.Policies.Where(policy => HostOf(policy.Domain) == domain).ToList();
        var received = new ReceivedReport(Id(ReportKind.Tls, report.Organization, report.ReportId, domain, report.Begin), domain, ReportKind.Tls)
        {
            PolicyDomain = policies[0].Domain.ToLowerInvariant(),
            Organization = report.Organization,
            ReportId = report.ReportId,
            Begin = report.Begin,
            End = report.End,
            ReceivedAt = Now,
            From = From,
            ByMail = ByMail,
            Doubt = Doubt,
            Rows = policies.Count,
            Passed = policies.Sum(policy => policy.Successes),
            Failed = policies.Sum(policy => policy.Failures),
        };
        return new TlsReportTaken(received, Doubt is null ? [.. policies.Select(policy => Tally(policy, received.Day, domain))] : []);
    }

    private static TlsTally Tally(TlsReportPolicy policy, DateOnly day, string domain) =>
        new(day, domain, policy.Kind switch { "tlsa" => TlsPolicyKind.Tlsa, "sts" => TlsPolicyKind.Sts, _ => TlsPolicyKind.NoPolicyFound })
        {
            Successes = policy.Successes,
            Failures = policy.Failures,
            Details = [.. policy.Details.Take(TlsTally.MostDetails).Select(d => new TlsFailureTally(d.Result, d.Host, d.SendingAddress, d.ReceivingAddress, d.Words, d.Count))],
        };

    /// <summary>The domain of ours that a report about this one counts for: itself, the one above it, or, for an organisation's record, the one below.</summary>
    private string? HostOf(string policyDomain)
    {
        var name = DomainName.Normalize(policyDomain) ?? "";
        return Store.Domains.Select(domain => domain.Name).Where(ours => ReportSums.IsWithin(name, ours) || ReportSums.IsWithin(ours, name))
            .OrderByDescending(ours => ours == name).ThenByDescending(ours => ours.Length).ThenBy(ours => ours, StringComparer.Ordinal).FirstOrDefault();
    }

    private string? ProblemWithTime(ReceivedReport report) =>
        report.Begin > Now + WrongClocks || report.End > Now + (2 * WrongClocks) ? "The report is about a time that has not come yet."
        : report.Day < DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-DaysOfTallies) ? $"The report is older than {DaysOfTallies} days."
        : null;

    private static (ReportAnswer Answer, Change? Change) Foreign(string domain) =>
        Refuse($"The report is about {(domain.Length <= 253 ? domain : "a name too long")}, which is no domain of this server.");

    private static (ReportAnswer Answer, Change? Change) Refuse(string words) => (new ReportAnswer(ReportFate.Refused, words, null), null);

    /// <summary>The same for the same report: who made it, what they call it, and what it is about (RFC 9990 has no more).</summary>
    private static string Id(ReportKind kind, string organization, string id, string domain, DateTimeOffset begin) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{organization.ToLowerInvariant()}\n{id}\n{domain.ToLowerInvariant()}\n{begin.ToUnixTimeSeconds()}")).AsSpan(0, 8));
}
