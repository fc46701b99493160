using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ListServer.MailAuth.Spf;

/// <summary>Reads one mechanism (RFC 7208 §5, §12).</summary>
internal static class SpfTermParser
{
    private const int MaxPrefix4 = 32;
    private const int MaxPrefix6 = 128;
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>The mechanism, or null with what is wrong.</summary>
    public static SpfMechanism? Parse(string term, out string? fault)
    {
        var start = term[0] is '+' or '-' or '~' or '?' ? 1 : 0;
        var verdict = term[0] switch
        {
            '-' => SpfVerdict.Fail,
            '~' => SpfVerdict.SoftFail,
            '?' => SpfVerdict.Neutral,
            _ => SpfVerdict.Pass,
        };
        var end = term.AsSpan(start).IndexOfAny(':', '/');
        var name = end < 0 ? term[start..] : term[start..(start + end)];
        var rest = end < 0 ? "" : term[(start + end)..];
        switch (name.ToLowerInvariant())
        {
            case "all":
                fault = rest.Length == 0 ? null : "all takes nothing behind it";
                return new AllMechanism(verdict, term);
            case "include":
                return Required(rest, out fault) is { } included ? new IncludeMechanism(verdict, term, included) : null;
            case "exists":
                return Required(rest, out fault) is { } existing ? new ExistsMechanism(verdict, term, existing) : null;
            case "ptr":
                fault = null;
                var named = rest.Length == 0 ? null : Required(rest, out fault);
                return fault is null ? new PtrMechanism(verdict, term, named) : null;
            case "a" or "mx":
                return Host(verdict, term, name.Length == 2, rest, out fault);
            case "ip4" or "ip6":
                return Network(verdict, term, name[2] == '4', rest, out fault);
            default:
                fault = "there is no such mechanism";
                return null;
        }
    }

    private static MacroString? Required(string rest, out string? fault)
    {
        if (rest is not [':', ..])
        {
            fault = rest.Length == 0 ? "the domain is missing" : "a prefix length is not allowed here";
            return null;
        }

        return MacroString.Parse(rest[1..], MacroPlace.Domain, out fault);
    }

    /// <summary>[ ":" domain-spec ] [ ip4-cidr-length ] [ "/" ip6-cidr-length ]</summary>
    private static HostMechanism? Host(SpfVerdict verdict, string term, bool isMx, string rest, out string? fault)
    {
        if (!CutPrefix(ref rest, "//", MaxPrefix6, out var prefix6) || !CutPrefix(ref rest, "/", MaxPrefix4, out var prefix4))
        {
            fault = "the prefix length is not a number in range without leading zeros";
            return null;
        }

        fault = null;
        var domain = rest.Length == 0 ? null : Required(rest, out fault);
        return fault is null ? new HostMechanism(verdict, term, isMx, domain, prefix4, prefix6) : null;
    }

    private static NetworkMechanism? Network(SpfVerdict verdict, string term, bool isV4, string rest, out string? fault)
    {
        fault = null;
        if (rest is not [':', ..])
        {
            fault = "the address is missing";
        }
        else if (!CutPrefix(ref rest, "/", isV4 ? MaxPrefix4 : MaxPrefix6, out var prefix))
        {
            fault = "the prefix length is not a number in range without leading zeros";
        }
        else if (Address(rest[1..], isV4) is { } network)
        {
            return new NetworkMechanism(verdict, term, network, prefix);
        }
        else
        {
            fault = $"not an {(isV4 ? "IPv4" : "IPv6")} network";
        }

        return null;
    }

    /// <summary>
    /// Cuts "/n" or "//n" off the end; without one the whole length is meant. A slash that digits don't follow to the end is left to
    /// the domain's own check.
    /// </summary>
    private static bool CutPrefix(ref string rest, string slashes, int max, out int prefix)
    {
        prefix = max;
        var digits = rest.Length;
        while (digits > 0 && char.IsAsciiDigit(rest[digits - 1]))
        {
            digits--;
        }

        var head = rest.AsSpan(0, digits);
        if (!head.EndsWith(slashes))
        {
            return true;
        }

        // RFC 7208 §12: ip4-cidr-length = "/" ("0" / %x31-39 0*1DIGIT)
        var number = rest.AsSpan(digits);
        if (number is { IsEmpty: false } and not ['0', _, ..]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= max)
        {
            rest = rest[..(digits - slashes.Length)];
            return true;
        }

        return false;
    }

    private static IPAddress? Address(string text, bool isV4)
    {
        if (isV4)
        {
            return IsDottedQuad(text) ? IPAddress.Parse(text) : null;
        }

        // RFC 4291 §2.2: the last two groups may be written as an IPv4 address, which is as strict as any other.
        var last = text[(text.LastIndexOf(':') + 1)..];
        var isPlain = !text.AsSpan().ContainsAnyExcept(AddressCharacters) && (!last.Contains('.', StringComparison.Ordinal) || IsDottedQuad(last));
        return isPlain && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? address : null;
    }

    /// <summary>qnum "." qnum "." qnum "." qnum, no leading zeros.</summary>
    private static bool IsDottedQuad(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(p =>
            p.Length is >= 1 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0')
            && byte.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}
