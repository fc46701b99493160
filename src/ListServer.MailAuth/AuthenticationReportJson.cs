using System.Text.Json;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth;

/// <summary>Writes a report as JSON, in the words of RFC 8601 §2.7 and with a reason for each result.</summary>
public static class AuthenticationReportJson
{
    /// <summary>
    /// Writes the members <c>spf</c>, <c>spfHelo</c>, <c>dkim</c>, <c>dmarc</c>, <c>arc</c>, <c>author</c> and
    /// <c>authenticationResults</c> into the object that the caller has opened; of signatures the first twenty.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="authenticationResults">The value of the Authentication-Results field for this report.</param>
    public static void WriteMembers(Utf8JsonWriter writer, AuthenticationReport report, string authenticationResults)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        WriteSpf(writer, "spf", report.SpfMailFrom);
        WriteSpf(writer, "spfHelo", report.SpfHelo);
        writer.WriteStartArray("dkim");
        foreach (var signature in report.Dkim.Take(ReportResults.MaximumSignatures))
        {
            WriteDkim(writer, signature);
        }

        writer.WriteEndArray();
        WriteDmarc(writer, report.Dmarc);
        WriteArc(writer, report.Arc);
        WriteAuthor(writer, report.Author);
        writer.WriteString("authenticationResults", authenticationResults);
    }

    private static void WriteSpf(Utf8JsonWriter writer, string name, SpfResult spf)
    {
        writer.WriteStartObject(name);
        writer.WriteString("result", Word(spf.Verdict));
        writer.WriteString("domain", spf.Domain);
        if (spf.Explanation is not null)
        {
            writer.WriteString("explanation", spf.Explanation);
        }

        writer.WriteString("reason", spf.Reason);
        writer.WriteEndObject();
    }

    private static void WriteDkim(Utf8JsonWriter writer, DkimResult signature)
    {
        writer.WriteStartObject();
        writer.WriteString("result", Word(signature.Verdict));
        writer.WriteString("domain", signature.Domain);
        writer.WriteString("selector", signature.Selector);
        writer.WriteString("identity", signature.Identity);
        writer.WriteString("algorithm", signature.Algorithm);
        writer.WriteBoolean("coversWholeBody", signature.CoversWholeBody);
        writer.WriteString("reason", signature.Reason);
        writer.WriteEndObject();
    }

    private static void WriteDmarc(Utf8JsonWriter writer, DmarcResult dmarc)
    {
        writer.WriteStartObject("dmarc");
        writer.WriteString("result", Word(dmarc.Verdict));
        writer.WriteString("domain", dmarc.RecordDomain ?? dmarc.AuthorDomain);
        writer.WriteString("policy", dmarc.Policy is { } policy ? Word(policy) : null);
        writer.WriteString("disposition", Word(dmarc.Disposition));
        writer.WriteBoolean("testing", dmarc.IsTesting);
        writer.WriteBoolean("spfAligned", dmarc.SpfAligned);
        writer.WriteBoolean("dkimAligned", dmarc.DkimAligned);
        writer.WriteString("reason", dmarc.Reason);
        writer.WriteEndObject();
    }

    private static void WriteArc(Utf8JsonWriter writer, ArcResult arc)
    {
        writer.WriteStartObject("arc");
        writer.WriteString("result", Word(arc.Verdict));
        writer.WriteNumber("instances", arc.Instances);
        writer.WriteString("reason", arc.Reason);
        writer.WriteEndObject();
    }

    private static void WriteAuthor(Utf8JsonWriter writer, AuthorResult author)
    {
        writer.WriteStartObject("author");
        writer.WriteString("address", author.Address);
        writer.WriteString("domain", author.Domain);
        writer.WriteString("name", author.DisplayName);
        if (author.Reason is not null)
        {
            writer.WriteString("reason", author.Reason);
        }

        writer.WriteEndObject();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
