using System.Collections.Immutable;

namespace ListServer.MailAuth.Reports;

/// <summary>A TLS report (RFC 8460 §4): how one sender's connections to a domain fared.</summary>
/// <param name="Organization">organization-name, as written; may be empty.</param>
/// <param name="Contact">contact-info, as written; may be empty.</param>
/// <param name="ReportId">The reporter's name for the report; may be empty.</param>
/// <param name="Begin">Start of the span, UTC.</param>
/// <param name="End">End of the span, UTC; not before <paramref name="Begin"/>.</param>
/// <param name="Policies">What was found for each policy; at least one.</param>
public sealed record TlsReport(
    string Organization, string Contact, string ReportId, DateTimeOffset Begin, DateTimeOffset End, ImmutableArray<TlsReportPolicy> Policies);

/// <summary>What one policy came to.</summary>
/// <param name="Kind">policy-type: tlsa, sts or no-policy-found.</param>
/// <param name="Domain">policy-domain, as written.</param>
/// <param name="Successes">Sessions as they should be.</param>
/// <param name="Failures">Sessions that went wrong.</param>
/// <param name="Details">What went wrong.</param>
public sealed record TlsReportPolicy(string Kind, string Domain, long Successes, long Failures, ImmutableArray<TlsReportFailure> Details);

/// <summary>What went wrong, and how often.</summary>
/// <param name="Result">result-type, such as certificate-expired.</param>
/// <param name="Host">receiving-mx-hostname; may be empty.</param>
/// <param name="SendingAddress">sending-mta-ip, as written; null where it is missing.</param>
/// <param name="ReceivingAddress">receiving-ip, as written; null where it is missing.</param>
/// <param name="Words">failure-reason-code or additional-information; may be empty.</param>
/// <param name="Count">So many sessions.</param>
public sealed record TlsReportFailure(string Result, string Host, string? SendingAddress, string? ReceivingAddress, string Words, long Count);
