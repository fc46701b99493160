namespace ListServer.MailAuth.Dns;

/// <summary>Checks of names before they are asked for.</summary>
internal static class DnsName
{
    private const int MaxLabel = 63;

    /// <summary>RFC 1035 §3.1 allows 255 octets on the wire: 253 characters without the final dot.</summary>
    public const int MaxLength = 253;

    /// <summary>The name without its final dot; false, with the reason, when it can't be put on the wire (RFC 1035 §3.1).</summary>
    public static bool TryNormalize(string name, out string normalized, out string? reason)
    {
        normalized = name.EndsWith('.') ? name[..^1] : name;
        reason = Fault(normalized);
        return reason is null;
    }

    private static string? Fault(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return name.Length == 0 ? "the name is empty" : "the name is longer than 253 octets";
        }

        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] != '.')
            {
                if (name[i] > 0xFF)
                {
                    return "the name is not in A-labels";
                }

                continue;
            }

            if (i - start is 0 or > MaxLabel)
            {
                return i == start ? "the name has an empty label" : "a label is longer than 63 octets";
            }

            start = i + 1;
        }

        return null;
    }
}
