namespace ListServer.Outbound.Tls;

/// <summary>The TXT record that says a domain has an MTA-STS policy, and which (RFC 8461 §3.1).</summary>
internal static class StsRecord
{
    private const string Version = "v=STSv1;";
    private const int LongestId = 32;

    /// <summary>The policy's id; null when there is no such record, more than one, or one that can't be understood.</summary>
    public static string? FindId(IEnumerable<string> texts) =>
        texts.Where(t => t.StartsWith(Version, StringComparison.Ordinal)).Take(2).ToList() is [var only] ? ReadId(only[Version.Length..]) : null;

    private static string? ReadId(string fields)
    {
        string? id = null;
        foreach (var field in fields.Split(';').Select(f => f.Trim(' ', '\t')).Where(f => f.Length > 0))
        {
            if (field.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value])
            {
                return null;
            }

            id ??= name.TrimEnd(' ', '\t') == "id" ? value.TrimStart(' ', '\t') : null;
        }

        return id is { Length: > 0 and <= LongestId } && id.All(char.IsAsciiLetterOrDigit) ? id : null;
    }
}
