using System.Text.Json;
using ListServer.Lists.Reports;
using ListServer.MailAuth.Reports;

namespace ListServer.Conformance;

/// <summary>Answers to the operation dmarcReport.</summary>
internal static class DmarcReportAnswers
{
    public static void Write(Utf8JsonWriter writer, byte[] file)
    {
        AggregateReport? report = null;
        foreach (var document in ReportDocuments.InFile(file, out var problem))
        {
            if (report is null && !AggregateReportReader.TryRead(document, out report, out problem))
            {
                writer.WriteString("reason", problem);
            }
        }

        writer.WriteBoolean("valid", report is not null);
        if (report is not null)
        {
            WriteReport(writer, report);
        }
    }

    private static void WriteReport(Utf8JsonWriter writer, AggregateReport report)
    {
        writer.WriteString("orgName", report.Metadata.Organization);
        writer.WriteString("reportId", report.Metadata.ReportId);
        writer.WriteNumber("begin", report.Metadata.Begin.ToUnixTimeSeconds());
        writer.WriteNumber("end", report.Metadata.End.ToUnixTimeSeconds());
        writer.WriteString("domain", report.Policy.Domain);
        writer.WriteString("policy", report.Policy.Policy?.ToString().ToLowerInvariant());
        writer.WriteNumber("messageCount", report.MessageCount);
        writer.WriteStartArray("rows");
        foreach (var row in report.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("sourceIp", row.Source.ToString());
            writer.WriteNumber("count", row.Count);
            writer.WriteString("disposition", row.Disposition.ToString().ToLowerInvariant());
            writer.WriteString("dkim", row.DkimAligned ? "pass" : "fail");
            writer.WriteString("spf", row.SpfAligned ? "pass" : "fail");
            writer.WriteString("headerFrom", row.HeaderFrom);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
