using System.Globalization;
using System.Text.Json.Serialization;
using ListServer.Store;

namespace ListServer.Admin.Queue;

/// <summary>How connections for one domain fared with TLS on one day, in the form of RFC 8460 §4.4.</summary>
public sealed record TlsReport(
    [property: JsonPropertyName("organization-name")] string OrganizationName,
    [property: JsonPropertyName("date-range")] TlsReportRange DateRange,
    [property: JsonPropertyName("contact-info")] string ContactInfo,
    [property: JsonPropertyName("report-id")] string ReportId,
    [property: JsonPropertyName("policies")] IReadOnlyList<TlsReportPolicy> Policies);

/// <summary>From the first to the last second of the day, UTC.</summary>
public sealed record TlsReportRange(
    [property: JsonPropertyName("start-datetime")] string Start,
    [property: JsonPropertyName("end-datetime")] string End);

/// <summary>What one kind of policy came to.</summary>
public sealed record TlsReportPolicy(
    [property: JsonPropertyName("policy")] TlsReportPolicyText Policy,
    [property: JsonPropertyName("summary")] TlsReportSummary Summary,
    [property: JsonPropertyName("failure-details")] IReadOnlyList<TlsReportFailure> FailureDetails);

/// <summary>The policy itself: "tlsa", "sts" or "no-policy-found".</summary>
public sealed record TlsReportPolicyText(
    [property: JsonPropertyName("policy-type")] string PolicyType,
    [property: JsonPropertyName("policy-string")] IReadOnlyList<string> PolicyString,
    [property: JsonPropertyName("policy-domain")] string PolicyDomain,
    [property: JsonPropertyName("mx-host")] IReadOnlyList<string> MxHost);

/// <summary>Sessions as they should be, and others.</summary>
public sealed record TlsReportSummary(
    [property: JsonPropertyName("total-successful-session-count")] long Successful,
    [property: JsonPropertyName("total-failure-session-count")] long Failed);

/// <summary>What went wrong, and how often; no addresses where no connection was made.</summary>
public sealed record TlsReportFailure(
    [property: JsonPropertyName("result-type")] string ResultType,
    [property: JsonPropertyName("sending-mta-ip"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SendingMtaIp,
    [property: JsonPropertyName("receiving-mx-hostname")] string ReceivingMxHostname,
    [property: JsonPropertyName("receiving-ip"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReceivingIp,
    [property: JsonPropertyName("failed-session-count")] long FailedSessionCount,
    [property: JsonPropertyName("failure-reason-code")] string FailureReasonCode);

/// <summary>How TLS fared in the last days, a report for each domain and day.</summary>
/// <param name="Domain">Of one domain; null for all.</param>
/// <param name="Day">Of one day (UTC); null for all that are kept.</param>
public sealed record BrowseTls(string? Domain = null, DateOnly? Day = null) : Query<IReadOnlyList<TlsReport>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<TlsReport>> Look(AdminContext context) =>
        context.Store.TlsTallies(Day, Domain).GroupBy(t => (t.Day, t.Domain)).Select(group => Report(group.Key.Day, group.Key.Domain, group, context.HostName)).ToList();

    private static TlsReport Report(DateOnly day, string domain, IEnumerable<TlsTally> tallies, string host)
    {
        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new TlsReport(
            host, new TlsReportRange(text + "T00:00:00Z", text + "T23:59:59Z"), "postmaster@" + host, $"{text}.{domain}@{host}", [.. tallies.Select(t => Policy(t, domain))]);
    }

    private static TlsReportPolicy Policy(TlsTally tally, string domain) => new(
        new TlsReportPolicyText(
            tally.Kind switch { TlsPolicyKind.Tlsa => "tlsa", TlsPolicyKind.Sts => "sts", _ => "no-policy-found" }, tally.Policy, domain, tally.Hosts),
        new TlsReportSummary(tally.Successes, tally.Failures),
        [.. tally.Details.Select(d => new TlsReportFailure(d.Result, d.SendingAddress, d.Host, d.ReceivingAddress, d.Count, d.Words))]);
}
