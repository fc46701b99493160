using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace ListServer.Smtp;

/// <summary>Address literals (RFC 5321 §4.1.3). Tags other than IPv6 are not registered and refused.</summary>
internal static class AddressLiteral
{
    private const string Ipv6Tag = "IPv6:";

    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>True for [192.0.2.1] and [IPv6:2001:db8::1], brackets included.</summary>
    public static bool IsValid(ReadOnlySpan<char> literal)
    {
        if (literal.Length < 3 || literal[0] != '[' || literal[^1] != ']')
            return false;
        var inner = literal[1..^1];
        return inner.StartsWith(Ipv6Tag, StringComparison.OrdinalIgnoreCase)
            ? TryParseIpv6(inner[Ipv6Tag.Length..], out _)
            : TryParseIpv4(inner, out _);
    }

    /// <summary>What XCLIENT and XFORWARD write after ADDR=: an IPv4 address, or an IPv6 address with or without its tag.</summary>
    public static bool TryParseForwarded(ReadOnlySpan<char> text, out IPAddress address)
    {
        if (text.StartsWith(Ipv6Tag, StringComparison.OrdinalIgnoreCase))
            text = text[Ipv6Tag.Length..];
        if (!TryParseIpv4(text, out address) && !TryParseIpv6(text, out address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return true;
    }

    /// <summary>Four decimal numbers; the short, octal and hexadecimal forms that IPAddress knows are not addresses here.</summary>
    private static bool TryParseIpv4(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Count('.') != 3)
            return false;
        foreach (var range in text.Split('.'))
        {
            var number = text[range];
            if (number.IsEmpty || number.ContainsAnyExceptInRange('0', '9') || (number.Length > 1 && number[0] == '0'))
                return false;
        }
        return IPAddress.TryParse(text, out address!);
    }

    private static bool TryParseIpv6(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        return text.Contains(':')
            && !text.ContainsAnyExcept(Ipv6Characters)
            && IPAddress.TryParse(text, out address!)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
    }
}
