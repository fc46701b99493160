using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace ListServer.Outbound;

/// <summary>An address as it goes between the angle brackets of MAIL or RCPT.</summary>
/// <param name="Text">The address; the domain in A-labels wherever SMTPUTF8 is not needed anyway.</param>
/// <param name="NeedsUtf8">True when only a server with SMTPUTF8 can take it (RFC 6531 §3.3).</param>
public readonly record struct WirePath(string Text, bool NeedsUtf8);

/// <summary>The last look at addresses before they are written on a command line (SEC-9), whatever was checked before.</summary>
public static class PathSyntax
{
    // RFC 5321 §4.5.3.1.3: a path is 256 octets, its brackets included.
    private const int MaxOctets = 254;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Makes an address ready for the wire; the empty reverse-path is not for here.</summary>
    /// <param name="address">An address without angle brackets.</param>
    /// <param name="path">The address to write.</param>
    /// <param name="fault">Why it can't be written, in words.</param>
    public static bool TryPrepare(string address, out WirePath path, [NotNullWhen(false)] out string? fault)
    {
        path = default;
        var at = address.LastIndexOf('@');
        fault = at <= 0 || at == address.Length - 1 ? "no address of the form local@domain" : FindFault(address.AsSpan(0, at), address.AsSpan(at + 1));
        if (fault is not null)
        {
            return false;
        }

        path = Ascii.IsValid(address) ? new WirePath(address, false)
            : !Ascii.IsValid(address.AsSpan(0, at)) ? new WirePath(address, true)
            : TryGetALabels(address[(at + 1)..], out var labels) ? new WirePath($"{address.AsSpan(0, at)}@{labels}", false)
            : default;
        fault = path.Text is null ? "a domain that has no form in DNS"
            : Encoding.UTF8.GetByteCount(path.Text) > MaxOctets ? "longer than 254 octets"
            : null;
        return fault is null;
    }

    /// <summary>A domain as DNS knows it: lower-case A-labels (RFC 5891). False when it has no such form.</summary>
    public static bool TryGetALabels(string domain, [NotNullWhen(true)] out string? labels)
    {
        try
        {
            labels = Ascii.IsValid(domain) ? domain.ToLowerInvariant() : Idn.GetAscii(domain).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            labels = null;
            return false;
        }
    }

    /// <summary>True for a domain name or an address literal (RFC 5321 §4.1.1.1).</summary>
    public static bool IsHeloName(string name) => name is ['[', .. var inside, ']']
        ? IPAddress.TryParse(inside.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? inside[5..] : inside, out _)
        : Uri.CheckHostName(name) == UriHostNameType.Dns && Ascii.IsValid(name);

    private static string? FindFault(ReadOnlySpan<char> local, ReadOnlySpan<char> domain)
    {
        var isQuoted = local is ['"', _, .., '"'];
        foreach (var c in local)
        {
            if (char.IsControl(c) || c is '<' or '>' || (c == ' ' && !isQuoted))
            {
                return "a character that must not stand in an address";
            }
        }

        foreach (var c in domain)
        {
            if (char.IsControl(c) || c is '<' or '>' or ' ' or '"' or '(' or ')' or ',' or ';' or '\\' or '@')
            {
                return "a character that must not stand in a domain";
            }
        }

        return IsWellFormed(local) ? null : "half a surrogate pair";
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes answers U+FFFD for what is no character; a real one has no place in an address either.
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
