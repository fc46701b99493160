namespace ListServer.Lists.Membership;

/// <summary>Reads addresses given by people: one bare address, no display name.</summary>
public static class MemberAddress
{
    /// <summary>Brings an address into the form that is stored: the local part as written, the domain in lower-case A-labels.</summary>
    /// <param name="text">The address; white space around it is ignored.</param>
    /// <param name="address">The stored form, or null.</param>
    /// <param name="error">What is wrong, in words, or null.</param>
    public static bool TryParse(string text, out string? address, out string? error)
    {
        (address, error) = (null, null);
        var trimmed = text.Trim();
        var at = trimmed.LastIndexOf('@');
        if (at <= 0)
        {
            error = $"'{trimmed}' has no @, or nothing before it.";
            return false;
        }

        var (local, domain) = (trimmed[..at], DomainName.Normalize(trimmed[(at + 1)..]));
        if (domain is null)
        {
            error = $"'{trimmed[(at + 1)..]}' in '{trimmed}' is not a domain name.";
        }
        else if (System.Text.Encoding.UTF8.GetByteCount(local) > 64)
        {
            error = $"The part before the @ of '{trimmed}' is longer than 64 octets (RFC 5321 §4.5.3.1.1).";
        }
        else if (!IsDotAtom(local))
        {
            error = $"The part before the @ of '{trimmed}' has a character or a dot that does not belong there.";
        }
        else
        {
            address = $"{local}@{domain}";
        }

        return error is null;
    }

    /// <summary>What stands behind the last @ in lower case; the whole where there is none.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    // RFC 5322 §3.2.3 with RFC 6532 §3.2: letters of any script, and no quoted strings, which no mailbox provider hands out.
    private static bool IsDotAtom(string local) =>
        local.Split('.').All(atom => atom.Length > 0 && atom.All(IsAtomChar));

    private static bool IsAtomChar(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal) || (c > 0x9f && c != '\uFFFD' && !char.IsWhiteSpace(c) && !IsInvisible(c));

    private static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Control;
}
