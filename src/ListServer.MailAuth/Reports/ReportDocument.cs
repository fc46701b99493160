namespace ListServer.MailAuth.Reports;

/// <summary>A document that came as a report, and what it is.</summary>
public abstract record ReportDocument
{
    private ReportDocument()
    {
    }

    /// <summary>An aggregate report of DMARC.</summary>
    public sealed record OfDmarc(AggregateReport Report) : ReportDocument;

    /// <summary>A TLS report.</summary>
    public sealed record OfTls(TlsReport Report) : ReportDocument;

    /// <summary>Neither, or broken.</summary>
    /// <param name="Problem">Why, in words fit to be shown.</param>
    public sealed record Unreadable(string Problem) : ReportDocument;

    /// <summary>Reads a document of either kind, alone or in a gzip or zip file: the first character decides.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="limits">The limits; null for the defaults.</param>
    public static ReportDocument Read(ReadOnlyMemory<byte> octets, ReportLimits? limits = null)
    {
        limits ??= new ReportLimits();
        string? problem;
        if (IsJson(octets, limits))
        {
            return TlsReportReader.TryRead(octets, out var tls, out problem, limits) ? new OfTls(tls) : new Unreadable(problem);
        }

        return AggregateReportReader.TryRead(octets, out var report, out problem, limits) ? new OfDmarc(report) : new Unreadable(problem);
    }

    private static bool IsJson(ReadOnlyMemory<byte> octets, ReportLimits limits)
    {
        if (!ReportContainer.TryOpen(octets, limits, delimiter: null, out var content, out _))
        {
            return false;
        }

        using (content)
        {
            try
            {
                var start = new byte[256];
                return start.AsSpan(0, content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)).TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{', ..];
            }
            catch (InvalidDataException)
            {
                // The reader says what is wrong with it.
                return false;
            }
        }
    }
}
