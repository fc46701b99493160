using System.Collections.Immutable;
using System.Globalization;
using ListServer.MailAuth.Dmarc;

namespace ListServer.MailAuth.Reports;

/// <summary>Reads the elements of one aggregate report (RFC 9990 appendix A, RFC 7489 appendix C). Elements of no meaning here are passed over.</summary>
internal sealed class AggregateReportXml(ReportXml xml, ReportLimits limits)
{
    private const long LastSecond = 253_402_300_799;

    /// <summary>The report; null with <see cref="ReportXml.Problem"/> set.</summary>
    public AggregateReport? Read()
    {
        if (xml.Root() is var root && root != "feedback")
        {
            xml.Refuse($"The document is <{ShownText.Of(root)}>, no <feedback>.");
            return null;
        }

        ReportMetadata? metadata = null;
        PublishedPolicy? policy = null;
        var rows = ImmutableArray.CreateBuilder<ReportRow>();
        xml.Children(name =>
        {
            switch (name)
            {
                case "report_metadata":
                    metadata = ReadMetadata();
                    break;
                case "policy_published":
                    policy = ReadPolicy();
                    break;
                case "record" when rows.Count == limits.MaxRows:
                    xml.Refuse($"The report has more than {limits.MaxRows} rows.");
                    break;
                case "record" when new ReportRowXml(xml, limits, rows.Count + 1).Read() is { } row:
                    rows.Add(row);
                    break;
            }
        });
        xml.Finish();
        return Complete(metadata, policy, rows.DrainToImmutable());
    }

    private AggregateReport? Complete(ReportMetadata? metadata, PublishedPolicy? policy, ImmutableArray<ReportRow> rows)
    {
        if (metadata is null)
        {
            xml.Refuse("The report has no report_metadata.");
        }
        else if (policy is null)
        {
            xml.Refuse("The report names no domain in policy_published.");
        }

        return xml.Problem is null ? new AggregateReport(metadata!, policy!, rows) : null;
    }

    private ReportMetadata? ReadMetadata()
    {
        var metadata = new ReportMetadata("", "", "", DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        DateTimeOffset? begin = null;
        DateTimeOffset? end = null;
        xml.Children(name =>
        {
            switch (name)
            {
                case "date_range":
                    xml.Children(edge =>
                    {
                        begin = edge == "begin" ? ReadMoment("begin") : begin;
                        end = edge == "end" ? ReadMoment("end") : end;
                    });
                    break;
                default:
                    metadata = ReadMetadata(metadata, name);
                    break;
            }
        });
        return CheckSpan(begin, end) ? metadata with { Begin = begin!.Value, End = end!.Value } : null;
    }

    private ReportMetadata ReadMetadata(ReportMetadata metadata, string name) => name switch
    {
        "org_name" => metadata with { Organization = xml.Text() },
        "email" => metadata with { Email = xml.Text() },
        "report_id" => metadata with { ReportId = xml.Text() },
        "extra_contact_info" => metadata with { ExtraContact = xml.TextOrNull() },
        "generator" => metadata with { Generator = xml.TextOrNull() },
        "error" when metadata.Errors.Length < MaxErrors => xml.TextOrNull() is { } error ? metadata with { Errors = metadata.Errors.Add(error) } : metadata,
        _ => metadata,
    };

    private bool CheckSpan(DateTimeOffset? begin, DateTimeOffset? end)
    {
        if (begin is null || end is null)
        {
            xml.Refuse("The report has no date_range with begin and end.");
            return false;
        }

        if (end < begin)
        {
            xml.Refuse("The report's date_range ends before it begins.");
        }
        else if (end - begin > TimeSpan.FromDays(limits.MaxDays))
        {
            xml.Refuse($"The report's date_range is longer than {limits.MaxDays} days.");
        }

        return xml.Problem is null;
    }

    private DateTimeOffset? ReadMoment(string name)
    {
        // Whole seconds since 1970; some write them with a fraction, ".0".
        var text = xml.Text();
        if (long.TryParse(text.AsSpan(0, text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? dot : text.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= LastSecond)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        xml.Refuse($"<{name}> is '{ShownText.Of(text)}', no number of seconds since 1970.");
        return null;
    }

    private PublishedPolicy? ReadPolicy()
    {
        var policy = new PublishedPolicy("", null);
        xml.Children(name => policy = name switch
        {
            "domain" => policy with { Domain = xml.Text() },
            "p" => policy with { Policy = Policy(xml.Text()) },
            "sp" => policy with { SubdomainPolicy = Policy(xml.Text()) },
            "np" => policy with { NonexistentPolicy = Policy(xml.Text()) },
            "adkim" => policy with { IsDkimStrict = Is(xml.Text(), "s") },
            "aspf" => policy with { IsSpfStrict = Is(xml.Text(), "s") },
            "fo" => policy with { FailureOptions = xml.TextOrNull() },
            "testing" => policy with { IsTesting = xml.TextOrNull() is { } testing ? Is(testing, "y") : null },
            "discovery_method" => policy with { Discovery = Discovery(xml.Text()) },
            _ => policy,
        });
        return policy.Domain.Length > 0 ? policy : null;
    }

    private static DiscoveryMethod? Discovery(string word) =>
        Is(word, "psl") ? DiscoveryMethod.Psl : Is(word, "treewalk") ? DiscoveryMethod.Treewalk : null;

    private static DmarcPolicy? Policy(string word) =>
        Is(word, "none") ? DmarcPolicy.None : Is(word, "quarantine") ? DmarcPolicy.Quarantine : Is(word, "reject") ? DmarcPolicy.Reject : null;

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);

    private const int MaxErrors = 20;
}
