using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace ListServer.MailAuth.Reports;

/// <summary>Reads TLS reports (RFC 8460 §4.4), plain or compressed (§5.3). Pure and safe from any thread.</summary>
public static class TlsReportReader
{
    /// <summary>A document in memory costs a dozen octets for each of its tokens, and none of these is long.</summary>
    private const int MaxDocument = 2 * 1024 * 1024;

    /// <summary>Reads a report. Whatever the octets are, the answer is a report or a reason, in bounded memory and time.</summary>
    /// <param name="octets">The JSON document, alone or in a gzip or zip file.</param>
    /// <param name="report">The report, or null.</param>
    /// <param name="problem">Why there is none, in words fit to be shown; or null.</param>
    /// <param name="limits">The limits; null for the defaults. A document has 2 MiB at the most.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> octets, [NotNullWhen(true)] out TlsReport? report, [NotNullWhen(false)] out string? problem, ReportLimits? limits = null)
    {
        limits ??= new ReportLimits();
        limits = limits with { MaxInflatedOctets = Math.Min(limits.MaxInflatedOctets, MaxDocument) };
        return ReportContainer.TryRead(
            octets,
            limits,
            delimiter: null,
            content =>
            {
                using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
                return (new TlsReportJson(limits).Read(document.RootElement, out var problem), problem);
            },
            out report,
            out problem);
    }
}

/// <summary>Reads the members of one TLS report. The first problem counts.</summary>
internal sealed class TlsReportJson(ReportLimits limits)
{
    private string? _problem;
    private int _rows;

    public TlsReport? Read(JsonElement root, out string? problem)
    {
        TlsReport? report = null;
        if (root.ValueKind is JsonValueKind.Object && Member(root, "date-range") is { ValueKind: JsonValueKind.Object } range)
        {
            var (begin, end) = (Moment(range, "start-datetime"), Moment(range, "end-datetime"));
            Refuse(end < begin ? "The report's date-range ends before it begins." : end - begin > TimeSpan.FromDays(limits.MaxDays) ? $"The report's date-range is longer than {limits.MaxDays} days." : null);
            report = new TlsReport(Text(root, "organization-name"), Text(root, "contact-info"), Text(root, "report-id"), begin, end, [.. Elements(root, "policies").Select(ReadPolicy)]);
            Refuse(report.Policies.IsEmpty ? "The report has no policies." : null);
        }
        else
        {
            Refuse("The report has no date-range.");
        }

        problem = _problem;
        return report;
    }

    private TlsReportPolicy ReadPolicy(JsonElement item)
    {
        var (policy, summary) = (Member(item, "policy"), Member(item, "summary"));
        var domain = policy is { } found ? Text(found, "policy-domain") : "";
        Refuse(domain.Length == 0 ? "A policy names no policy-domain." : null);
        return new TlsReportPolicy(
            policy is { } kind ? Text(kind, "policy-type").ToLowerInvariant() : "",
            domain,
            Count(summary, "total-successful-session-count"),
            Count(summary, "total-failure-session-count"),
            [.. Elements(item, "failure-details").Select(ReadFailure)]);
    }

    private TlsReportFailure ReadFailure(JsonElement item) => new(
        Text(item, "result-type"),
        Text(item, "receiving-mx-hostname"),
        TextOrNull(item, "sending-mta-ip"),
        TextOrNull(item, "receiving-ip"),
        TextOrNull(item, "failure-reason-code") ?? Text(item, "additional-information"),
        Count(item, "failed-session-count"));

    private IEnumerable<JsonElement> Elements(JsonElement parent, string name)
    {
        if (Member(parent, name) is not { ValueKind: JsonValueKind.Array } array)
        {
            yield break;
        }

        foreach (var item in array.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.Object))
        {
            if (++_rows > limits.MaxRows)
            {
                Refuse($"The report has more than {limits.MaxRows} rows.");
                yield break;
            }

            yield return item;
        }
    }

    private long Count(JsonElement? parent, string name)
    {
        if (parent is not { } element || Member(element, name) is not { } value)
        {
            return 0;
        }

        // A number; some write it as text.
        if (long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= limits.MaxCount)
        {
            return count;
        }

        Refuse($"{name} is '{ShownText.Of(value.ToString())}', no number from 0 to {limits.MaxCount}.");
        return 0;
    }

    private DateTimeOffset Moment(JsonElement range, string name)
    {
        var text = Text(range, name);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) && moment > DateTimeOffset.UnixEpoch)
        {
            return moment;
        }

        Refuse($"{name} is '{ShownText.Of(text)}', no moment.");
        return default;
    }

    private string Text(JsonElement parent, string name) => TextOrNull(parent, name) ?? "";

    private string? TextOrNull(JsonElement parent, string name)
    {
        var text = Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()!.Trim() : "";
        Refuse(text.Length > limits.MaxText ? $"{name} has more than {limits.MaxText} characters." : null);
        return text.Length > 0 ? text : null;
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : null;

    private void Refuse(string? problem) => _problem ??= problem;
}
