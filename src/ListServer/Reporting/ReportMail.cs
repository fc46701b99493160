using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ListServer.MailAuth.Reports;
using ListServer.Reception;
using ListServer.Store;

namespace ListServer.Reporting;

/// <summary>A report as a mail (RFC 9990 §3.5.2).</summary>
/// <param name="Due">Which report.</param>
/// <param name="Report">What it says.</param>
/// <param name="Recipients">Whom it goes to.</param>
/// <param name="Date">When it was written.</param>
internal sealed record ReportMail(DueReport Due, AggregateReport Report, ImmutableArray<string> Recipients, DateTimeOffset Date)
{
    private const string Boundary = "=_report";

    /// <summary>
    /// RFC 9990 §3.5.1: the same for the same report, however often it is made, and another for any other. It names the Report-ID, the Message-ID and with
    /// them the file.
    /// </summary>
    public static string IdOf(DueReport due) => string.Create(CultureInfo.InvariantCulture, $"{due.Day:yyyyMMdd}.{due.PolicyDomain}@{due.Receiver}");

    /// <summary>receiver!policy-domain!begin!end.xml.gz</summary>
    public static string FileName(DueReport due, ReportMetadata metadata) => string.Create(
        CultureInfo.InvariantCulture, $"{due.Receiver}!{due.PolicyDomain}!{metadata.Begin.ToUnixTimeSeconds()}!{metadata.End.ToUnixTimeSeconds()}.xml.gz");

    /// <summary>Its octets, ready to be signed: all ASCII, CRLF line ends.</summary>
    public byte[] ToOctets()
    {
        var file = FileName(Due, Report.Metadata);
        var text = new StringBuilder();
        Line(text, $"From: <{Report.Metadata.Email}>");
        Line(text, "To: " + string.Join(",\r\n ", Recipients.Select(address => $"<{address}>")));
        Line(text, $"Subject: Report Domain: {Due.PolicyDomain}\r\n Submitter: {Due.Receiver}\r\n Report-ID: <{Report.Metadata.ReportId}>");
        Line(text, $"Date: {ReceivedField.Date(Date)}");
        Line(text, $"Message-ID: <{Report.Metadata.ReportId}>");
        Line(text, "Auto-Submitted: auto-generated");
        Line(text, "MIME-Version: 1.0");
        Line(text, $"Content-Type: multipart/mixed; boundary=\"{Boundary}\"");
        Line(text, $"\r\n--{Boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n");
        Line(text, $"This is an aggregate report (RFC 9990) of {Due.Receiver}\r\nabout mail of {Due.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} (UTC) from");
        Line(text, $"{Due.PolicyDomain}.\r\nIts DMARC record asks for it: rua=. Questions: {Report.Metadata.Email}");
        Line(text, $"\r\n--{Boundary}\r\nContent-Type: application/gzip;\r\n name=\"{file}\"\r\nContent-Transfer-Encoding: base64");
        Line(text, $"Content-Disposition: attachment;\r\n filename=\"{file}\"\r\n");
        Line(text, Convert.ToBase64String(Compressed(), Base64FormattingOptions.InsertLineBreaks));
        Line(text, $"--{Boundary}--");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private byte[] Compressed()
    {
        using var octets = new MemoryStream();
        using (var gzip = new GZipStream(octets, CompressionLevel.Optimal))
        {
            gzip.Write(AggregateReportWriter.Write(Report));
        }

        return octets.ToArray();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");
}
