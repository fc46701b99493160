using ListServer.MailAuth.Dmarc;

namespace ListServer.Admin.Publishing;

/// <summary>What an owner should know of the tags of a DMARC record that receivers pass over in silence (RFC 9989 §4.7).</summary>
internal static class DmarcTags
{
    // pct, rf and ri are of the standard before (RFC 7489 §6.3), and nobody heeds them: they stand in many records.
    private static readonly string[] Known = ["v", "p", "sp", "np", "adkim", "aspf", "t", "psd", "rua", "ruf", "fo", "pct", "rf", "ri"];

    /// <summary>The first tag that is not as it should be; null for none.</summary>
    public static string? FindFault(string text)
    {
        var tags = Split(text);
        var twice = tags.GroupBy(tag => tag.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is not null ? $"{twice.Key}= stands there twice"
            : tags.Find(tag => !IsRight(tag.Name, tag.Value)) is { Name: not null } wrong ? Show(wrong)
            : tags.Exists(tag => tag.Name == "p") ? null : "p= is missing";
    }

    /// <summary>The record without its wrong tags, and with the p= that it needs.</summary>
    public static string Mend(string text, string wanted)
    {
        var right = Split(text).Where(tag => tag.Name != "v" && IsRight(tag.Name, tag.Value)).DistinctBy(tag => tag.Name).ToList();
        var policy = right.Exists(tag => tag.Name == "p") ? [] : Split(wanted).Where(tag => tag.Name == "p");
        return string.Join("; ", ["v=DMARC1", .. policy.Concat(right).Select(Show)]);
    }

    private static List<(string Name, string? Value)> Split(string text) =>
    [
        .. text.Split(';').Select(part => part.Trim()).Where(part => part.Length > 0)
            .Select(part => part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at].Trim().ToLowerInvariant(), (string?)part[(at + 1)..].Trim()) : (part, null)),
    ];

    private static bool IsRight(string name, string? value) => value is not null && Known.Contains(name) && name switch
    {
        "p" or "sp" or "np" => value.ToLowerInvariant() is "none" or "quarantine" or "reject",
        "adkim" or "aspf" => value.ToLowerInvariant() is "r" or "s",
        "t" => value.ToLowerInvariant() is "y" or "n",
        "psd" => value.ToLowerInvariant() is "y" or "n" or "u",
        "rua" or "ruf" => AreUris(value),
        _ => true,
    };

    private static bool AreUris(string value) =>
        DmarcRecord.TryParse("v=DMARC1; p=none; rua=" + value, out var record) && record.AggregateReportUris.Length == value.Split(',').Length;

    private static string Show((string Name, string? Value) tag) => tag.Value is null ? tag.Name : $"{tag.Name}={tag.Value}";
}
