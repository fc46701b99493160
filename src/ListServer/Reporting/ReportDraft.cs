using System.Net;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Reports;
using ListServer.Store;

namespace ListServer.Reporting;

/// <summary>Makes a report of what was counted, and of the policy that stands in DNS when it is made (RFC 9990 §3.3 leaves us the choice).</summary>
internal static class ReportDraft
{
    // The sum of a day's rows of one domain is bounded (ReceivedTally), and with it the size of its report.
    private static readonly string Generator = $"ListServer/{typeof(ReportDraft).Assembly.GetName().Version?.ToString(3)}";

    public static AggregateReport Make(DueReport due, DmarcRecord record, IReadOnlyList<ReceivedTally> tallies)
    {
        var begin = new DateTimeOffset(due.Day, TimeOnly.MinValue, TimeSpan.Zero);
        var metadata = new ReportMetadata(due.Receiver, $"postmaster@{due.Receiver}", ReportMail.IdOf(due), begin, begin.AddDays(1).AddSeconds(-1)) { Generator = Generator };
        var policy = new PublishedPolicy(due.PolicyDomain, record.Policy)
        {
            SubdomainPolicy = record.SubdomainPolicy,
            NonexistentPolicy = record.NonexistentPolicy,
            IsDkimStrict = record.IsDkimStrict,
            IsSpfStrict = record.IsSpfStrict,
            IsTesting = record.IsTesting,
            Discovery = DiscoveryMethod.Treewalk,
            FailureOptions = record.FailureOptions,
        };
        return new AggregateReport(metadata, policy, [.. tallies.OrderByDescending(tally => tally.Count).Select(Row)]);
    }

    private static ReportRow Row(ReceivedTally tally)
    {
        var row = tally.Row;
        return new ReportRow(IPAddress.Parse(row.Source), tally.Count, row.Disposition, row.DkimAligned, row.SpfAligned, row.HeaderFrom)
        {
            Reasons = row.Override is { } kind ? [new OverrideReason(kind, Comment(kind))] : [],
            EnvelopeFrom = row.EnvelopeFrom,
            Dkim = [.. row.Dkim.Select(signature => new ReportedDkim(signature.Domain, signature.Selector, signature.Verdict))],
            Spf = new ReportedSpf(row.SpfDomain, IsHelo: false, row.Spf),
        };
    }

    private static string? Comment(OverrideKind kind) => kind switch
    {
        // RFC 9989 §7.4: never refused for the policy alone.
        OverrideKind.LocalPolicy => "mail to lists is held for a moderator and not refused for its policy alone; mail to other addresses here is read by people",
        OverrideKind.TrustedForwarder => "the newest seal of its ARC chain is trusted here",
        _ => null,
    };
}
