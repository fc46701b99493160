namespace ListServer.Lists.Membership;

/// <summary>Addresses that may neither join nor post.</summary>
/// <param name="List">On one list, by its posting address; empty for all lists of this server.</param>
/// <param name="Pattern">As <see cref="BanPattern.TryParse"/> gives it.</param>
/// <param name="SetAt">Since when.</param>
/// <param name="SetBy">By whom.</param>
/// <param name="Reason">Why, for those who run the list; may be empty.</param>
public sealed record Ban(string List, string Pattern, DateTimeOffset SetAt, string SetBy, string Reason = "")
{
    /// <summary>True for an address that it stops.</summary>
    public bool Stops(string address) => BanPattern.Matches(Pattern, address);
}

/// <summary>
/// What bans name: an address, a domain, or a pattern in which * stands for any characters and ? for one. Patterns are compared in time that
/// grows with their length times the address's: there is no pattern that takes long.
/// </summary>
public static class BanPattern
{
    private const int Longest = 254;

    /// <summary>Brings what a person wrote into its one form: lower case, a domain as *@domain, an address without what plus signs add.</summary>
    /// <param name="text">ken@example.com, example.com, @example.com, *@*.example.com, spam??@example.*</param>
    /// <param name="pattern">The form, or null.</param>
    /// <param name="error">What is wrong, in words, or null.</param>
    public static bool TryParse(string text, out string? pattern, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        (pattern, error) = (null, null);
        var written = text.Trim().ToLowerInvariant();
        var isWild = written.AsSpan().IndexOfAny('*', '?') >= 0;
        if (written.Length is 0 or > Longest || written.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            error = $"'{text}' is no pattern: it is empty, longer than {Longest} characters, or has white space in it.";
        }
        else if (isWild && !written.Contains('@', StringComparison.Ordinal))
        {
            error = $"'{text}' has no @. Write a pattern like *@*.example.com.";
        }
        else if (isWild && written.Trim('*', '?', '@', '.').Length == 0)
        {
            error = $"'{text}' would stop everybody.";
        }
        else if (isWild)
        {
            pattern = written;
        }
        else if (written.IndexOf('@', StringComparison.Ordinal) <= 0)
        {
            var domain = DomainName.Normalize(written.TrimStart('@'));
            (pattern, error) = domain is null ? (null, $"'{text}' is no address, domain or pattern.") : ($"*@{domain}", (string?)null);
        }
        else if (MemberAddress.TryParse(written, out var address, out error))
        {
            pattern = FoldedAddress.Of(address!);
        }

        return error is null;
    }

    /// <summary>True when the address, or the mailbox that all its spellings end in, is what the pattern names.</summary>
    public static bool Matches(string pattern, string address)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(address);
        return IsLike(pattern, address.ToLowerInvariant()) || IsLike(pattern, FoldedAddress.Of(address));
    }

    // Only the last * can still be widened: what came before it has found its place.
    private static bool IsLike(string pattern, string text)
    {
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }
}
