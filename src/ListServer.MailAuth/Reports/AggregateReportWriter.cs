using System.Globalization;
using System.Text;
using System.Xml;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Reports;

/// <summary>Writes aggregate reports in the form of RFC 9990 appendix A (AUTH-15). Pure and safe from any thread.</summary>
public static class AggregateReportWriter
{
    /// <summary>The namespace of RFC 9990 §6.1.</summary>
    public const string Namespace = "urn:ietf:params:xml:ns:dmarc-2.0";

    /// <summary>At most so many signatures of a row are written (RFC 9990 §3.1.3, AUTH-17): the first ones.</summary>
    public const int MaxSignatures = 100;

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n", CheckCharacters = true };

    /// <summary>The document, in UTF-8. Characters that XML does not have are left out.</summary>
    /// <param name="report">At least one row, and a policy: without them there is no report.</param>
    /// <exception cref="ArgumentException">There is no row, or no policy.</exception>
    public static byte[] Write(AggregateReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Rows.IsEmpty || report.Policy.Policy is null)
        {
            throw new ArgumentException("A report has a policy and at least one record.", nameof(report));
        }

        using var octets = new MemoryStream();
        using (var xml = XmlWriter.Create(octets, Settings))
        {
            xml.WriteStartElement("feedback", Namespace);
            Text(xml, "version", "1.0");
            Write(xml, report.Metadata);
            Write(xml, report.Policy);
            foreach (var row in report.Rows)
            {
                Write(xml, row);
            }

            xml.WriteEndElement();
        }

        return octets.ToArray();
    }

    private static void Write(XmlWriter xml, ReportMetadata metadata)
    {
        xml.WriteStartElement("report_metadata");
        Text(xml, "org_name", metadata.Organization);
        Text(xml, "email", metadata.Email);
        TextOrNothing(xml, "extra_contact_info", metadata.ExtraContact);
        Text(xml, "report_id", metadata.ReportId);
        xml.WriteStartElement("date_range");
        Text(xml, "begin", Number(metadata.Begin.ToUnixTimeSeconds()));
        Text(xml, "end", Number(metadata.End.ToUnixTimeSeconds()));
        xml.WriteEndElement();

        // RFC 9990 §3.1.1.3: one element, whatever went wrong.
        TextOrNothing(xml, "error", metadata.Errors.IsEmpty ? null : string.Join("; ", metadata.Errors));
        TextOrNothing(xml, "generator", metadata.Generator);
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, PublishedPolicy policy)
    {
        xml.WriteStartElement("policy_published");
        Text(xml, "domain", policy.Domain);
        Text(xml, "p", Word(policy.Policy!.Value));
        TextOrNothing(xml, "sp", policy.SubdomainPolicy is { } sp ? Word(sp) : null);
        TextOrNothing(xml, "np", policy.NonexistentPolicy is { } np ? Word(np) : null);
        Text(xml, "adkim", policy.IsDkimStrict ? "s" : "r");
        Text(xml, "aspf", policy.IsSpfStrict ? "s" : "r");
        TextOrNothing(xml, "discovery_method", policy.Discovery is { } method ? Word(method) : null);
        TextOrNothing(xml, "fo", policy.FailureOptions);
        TextOrNothing(xml, "testing", policy.IsTesting switch { null => null, true => "y", false => "n" });
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, ReportRow row)
    {
        xml.WriteStartElement("record");
        xml.WriteStartElement("row");
        Text(xml, "source_ip", row.Source.ToString());
        Text(xml, "count", Number(row.Count));
        xml.WriteStartElement("policy_evaluated");
        Text(xml, "disposition", Word(row.Disposition));
        Text(xml, "dkim", row.DkimAligned ? "pass" : "fail");
        Text(xml, "spf", row.SpfAligned ? "pass" : "fail");
        foreach (var reason in row.Reasons)
        {
            xml.WriteStartElement("reason");
            Text(xml, "type", Word(reason.Kind));
            TextOrNothing(xml, "comment", reason.Comment);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        WriteIdentifiers(xml, row);
        WriteResults(xml, row);
        xml.WriteEndElement();
    }

    private static void WriteIdentifiers(XmlWriter xml, ReportRow row)
    {
        xml.WriteStartElement("identifiers");
        Text(xml, "header_from", row.HeaderFrom);
        TextOrNothing(xml, "envelope_from", row.EnvelopeFrom);
        TextOrNothing(xml, "envelope_to", row.EnvelopeTo);
        xml.WriteEndElement();
    }

    private static void WriteResults(XmlWriter xml, ReportRow row)
    {
        xml.WriteStartElement("auth_results");
        foreach (var signature in row.Dkim.Take(MaxSignatures))
        {
            xml.WriteStartElement("dkim");
            Text(xml, "domain", signature.Domain);
            Text(xml, "selector", signature.Selector ?? "");
            Text(xml, "result", Word(signature.Result ?? DkimVerdict.None));
            TextOrNothing(xml, "human_result", signature.HumanResult);
            xml.WriteEndElement();
        }

        if (row.Spf is { } spf)
        {
            xml.WriteStartElement("spf");
            Text(xml, "domain", spf.Domain);
            TextOrNothing(xml, "scope", spf.IsHelo ? null : "mfrom"); // RFC 9990 §3.1.1.11: the only scope there is
            Text(xml, "result", Word(spf.Result ?? SpfVerdict.None));
            TextOrNothing(xml, "human_result", spf.HumanResult);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Word(OverrideKind kind) => kind switch
    {
        OverrideKind.LocalPolicy => "local_policy",
        OverrideKind.MailingList => "mailing_list",
        OverrideKind.PolicyTestMode => "policy_test_mode",

        // RFC 9990 §3.1.6 has no "forwarded" any more.
        OverrideKind.TrustedForwarder or OverrideKind.Forwarded => "trusted_forwarder",
        _ => "other",
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void TextOrNothing(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            Text(xml, name, value);
        }
    }

    private static void Text(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement(name, Namespace);
        xml.WriteString(string.Concat(value.Where(XmlConvert.IsXmlChar)));
        xml.WriteEndElement();
    }
}
