namespace ListServer.Lists.Membership;

/// <summary>The one form of all the spellings that end in the same mailbox, as far as anyone outside can tell (SEC-26).</summary>
public static class FoldedAddress
{
    /// <summary>In lower case, without what follows a plus sign; for Gmail, whose mailboxes ignore dots, without dots.</summary>
    /// <param name="address">local-part@domain, the domain in A-labels.</param>
    public static string Of(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var at = address.LastIndexOf('@');
        var (local, domain) = (address[..Math.Max(at, 0)].ToLowerInvariant(), address[(at + 1)..].ToLowerInvariant());
        if (local.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus)
        {
            local = local[..plus];
        }

        return domain is "gmail.com" or "googlemail.com"
            ? $"{local.Replace(".", "", StringComparison.Ordinal)}@gmail.com"
            : $"{local}@{domain}";
    }
}
