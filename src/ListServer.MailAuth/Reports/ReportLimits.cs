namespace ListServer.MailAuth.Reports;

/// <summary>How much of a report is read (AUTH-20). With the defaults, reading one takes less than 64 MiB, whatever its octets are.</summary>
public sealed record ReportLimits
{
    /// <summary>Octets of the file as it came, compressed or not.</summary>
    public int MaxOctets { get; init; } = 10 * 1024 * 1024;

    /// <summary>Octets of the document within.</summary>
    public int MaxInflatedOctets { get; init; } = 12 * 1024 * 1024;

    /// <summary>Octets of the document to one of the file, once the document has more than a mebibyte.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>Elements, objects and arrays within each other.</summary>
    public int MaxDepth { get; init; } = 16;

    /// <summary>Rows of an aggregate report; policies and failures of a TLS report.</summary>
    public int MaxRows { get; init; } = 50_000;

    /// <summary>Characters of one text.</summary>
    public int MaxText { get; init; } = 4096;

    /// <summary>Days that one report spans.</summary>
    public int MaxDays { get; init; } = 31;

    /// <summary>Messages of one row.</summary>
    public long MaxCount { get; init; } = 1_000_000_000;
}
