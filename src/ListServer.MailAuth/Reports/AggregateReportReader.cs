using System.Diagnostics.CodeAnalysis;

namespace ListServer.MailAuth.Reports;

/// <summary>Reads aggregate reports of RFC 9990 and RFC 7489 (AUTH-20). Pure and safe from any thread.</summary>
public static class AggregateReportReader
{
    /// <summary>Reads a report. Whatever the octets are, the answer is a report or a reason, in bounded memory and time.</summary>
    /// <param name="octets">The XML document, alone or in a gzip or zip file.</param>
    /// <param name="report">The report, or null.</param>
    /// <param name="problem">Why there is none, in words fit to be shown; or null.</param>
    /// <param name="limits">The limits; null for the defaults.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> octets, [NotNullWhen(true)] out AggregateReport? report, [NotNullWhen(false)] out string? problem, ReportLimits? limits = null)
    {
        limits ??= new ReportLimits();
        return ReportContainer.TryRead(
            octets,
            limits,
            (byte)'<',
            content =>
            {
                using var reader = ReportXml.Open(content, limits);
                var xml = new ReportXml(reader, limits);
                return (new AggregateReportXml(xml, limits).Read(), xml.Problem);
            },
            out report,
            out problem);
    }
}
