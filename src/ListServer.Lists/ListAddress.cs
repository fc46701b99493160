using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists;

/// <summary>What one of our addresses is for. A closed hierarchy: routing switches over it.</summary>
public abstract record ListAddress
{
    // The longest suffix keeps its address within the 64 octets of RFC 5321 §4.5.3.1.1.
    private const int LongestName = 64 - 12;

    private const char ShortNameMark = '=';
    private const int ShortNameOctets = 8;

    private static readonly string[] Suffixes =
        ["-owner", "-request", "-join", "-subscribe", "-leave", "-unsubscribe", "-confirm", "-bounces"];

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    private ListAddress()
    {
    }

    /// <summary>The posting address.</summary>
    public sealed record Post(MailingList List) : ListAddress;

    /// <summary>The people who run the list.</summary>
    public sealed record Owner(MailingList List) : ListAddress;

    /// <summary>Mail commands.</summary>
    public sealed record Request(MailingList List) : ListAddress;

    /// <summary>Asks for a subscription.</summary>
    public sealed record Join(MailingList List) : ListAddress;

    /// <summary>Ends a subscription.</summary>
    public sealed record Leave(MailingList List) : ListAddress;

    /// <summary>Confirms what a token stands for. The token is as written; nobody has checked it yet.</summary>
    public sealed record Confirm(MailingList List, string Token) : ListAddress;

    /// <summary>Where returns come back to. The token (VERP) is as written; nobody has checked it yet; null when there is none.</summary>
    public sealed record Bounces(MailingList List, string? Token) : ListAddress;

    /// <summary>postmaster and abuse of a domain (RFC 2142, AUTH-60), in lower case; the domain is empty for a bare postmaster (RFC 5321 §4.5.1).</summary>
    public sealed record Contact(string Mailbox, string Domain) : ListAddress;

    /// <summary>Where aggregate reports about one of our domains come in (rua=).</summary>
    public sealed record Report(string Domain) : ListAddress;

    /// <summary>The local part of <see cref="Report"/> addresses.</summary>
    public const string ReportMailbox = "dmarc-reports";

    /// <summary>
    /// A short name under which reverse-paths know a list, for one whose own name leaves no room for a token (RFC 5321 §4.5.3.1.1). No list is
    /// ever called so, as no name has an equals sign; it is good for the -bounces address alone.
    /// </summary>
    /// <param name="list">The posting address.</param>
    /// <returns>The address =HASH@domain.</returns>
    public static string ShortNameOf(string list)
    {
        var address = list.ToLowerInvariant();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(address));
        return $"={Convert.ToHexStringLower(hash.AsSpan(0, ShortNameOctets))}{address[address.LastIndexOf('@')..]}";
    }

    /// <summary>Finds out what an address is for, whatever its case.</summary>
    /// <param name="address">local-part@domain without angle brackets, the domain in A-labels; or postmaster alone.</param>
    /// <param name="find">Answers the list with this posting address or <see cref="ShortNameOf"/> (given in lower case), or null.</param>
    /// <param name="hosts">True for a domain (given in lower case) of ours.</param>
    /// <param name="found">What it is for, or null.</param>
    /// <returns>False for an address that nobody has here.</returns>
    /// <remarks>The longest name of a list that exists wins: with lists "pre" and "pre-join", pre-join@ is a posting address.</remarks>
    public static bool TryParse(string address, Func<string, MailingList?> find, Func<string, bool> hosts, out ListAddress? found)
    {
        found = null;
        var at = address.LastIndexOf('@');
        if (at < 0)
        {
            found = address.Equals("postmaster", StringComparison.OrdinalIgnoreCase) ? new Contact("postmaster", "") : null;
            return found is not null;
        }

        var local = address[..at];
        var isShort = local.StartsWith(ShortNameMark);
        var domain = address[(at + 1)..].ToLowerInvariant();
        if (!hosts(domain))
        {
            return false;
        }

        found = OfDomain(local.ToLowerInvariant(), domain)
            ?? (!isShort && find($"{local.ToLowerInvariant()}@{domain}") is { } list ? new Post(list) : OfList(local, domain, find));
        found = isShort && found is not Bounces { Token: not null } ? null : found;
        return found is not null;
    }

    /// <summary>Says why a new list may not have this name, in words; null when it may.</summary>
    /// <param name="localPart">The part before the @, in lower case.</param>
    public static string? ProblemWithName(string localPart)
    {
        if (localPart.Length is 0 or > LongestName)
        {
            return $"A list's name has 1 to {LongestName} characters.";
        }

        if (localPart.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return $"'{localPart}' has a character other than a-z, 0-9, '.', '-' and '_'.";
        }

        if (!char.IsAsciiLetterOrDigit(localPart[0]) || !char.IsAsciiLetterOrDigit(localPart[^1])
            || localPart.Contains("..", StringComparison.Ordinal))
        {
            return $"'{localPart}' does not begin and end with a letter or digit, or has two dots in a row.";
        }

        if (OfDomain(localPart, "") is not null || localPart is "mailer-daemon")
        {
            return $"'{localPart}' is an address that every domain has.";
        }

        return Array.Find(Suffixes, suffix => localPart.EndsWith(suffix, StringComparison.Ordinal)) is { } taken
            ? $"'{localPart}' ends in {taken}, which would make it an address of the list '{localPart[..^taken.Length]}'."
            : null;
    }

    private static ListAddress? OfDomain(string local, string domain) => local switch
    {
        "postmaster" or "abuse" => new Contact(local, domain),
        ReportMailbox => new Report(domain),
        _ => null,
    };

    private static ListAddress? OfList(string local, string domain, Func<string, MailingList?> find)
    {
        // A token keeps its case, and begins behind the first plus sign: no list's name has one.
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        var name = (plus < 0 ? local : local[..plus]).ToLowerInvariant();
        var token = plus < 0 ? null : local[(plus + 1)..];
        if (token is "" || Array.Find(Suffixes, s => name.EndsWith(s, StringComparison.Ordinal)) is not { } suffix
            || find($"{name[..^suffix.Length]}@{domain}") is not { } list)
        {
            return null;
        }

        return (suffix, token) switch
        {
            ("-bounces", _) => new Bounces(list, token),
            ("-confirm", not null) => new Confirm(list, token),
            ("-owner", null) => new Owner(list),
            ("-request", null) => new Request(list),
            ("-join" or "-subscribe", null) => new Join(list),
            ("-leave" or "-unsubscribe", null) => new Leave(list),
            _ => null,
        };
    }
}
