using System.Diagnostics.CodeAnalysis;
using System.Xml;

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
        report = null;
        limits ??= new ReportLimits();
        if (!ReportContainer.TryOpen(octets, limits, (byte)'<', out var content, out problem))
        {
            return false;
        }

        using (content)
        {
            try
            {
                using var reader = ReportXml.Open(content, limits);
                var xml = new ReportXml(reader, limits);
                report = new AggregateReportXml(xml, limits).Read();
                problem = xml.Problem;
            }
            catch (XmlException e)
            {
                problem = $"The XML can't be read: {ShownText.Of(e.Message)}";
            }
            catch (InvalidDataException e)
            {
                problem = e.Message;
            }
        }

        report = problem is null ? report : null;
        problem = report is null ? problem ?? "The file is no report." : null;
        return report is not null;
    }
}
