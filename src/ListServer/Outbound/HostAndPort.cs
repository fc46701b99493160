using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ListServer.Outbound;

/// <summary>A host that the operator named: "host", "host:port", "192.0.2.1:25", "[2001:db8::1]:25".</summary>
/// <param name="Host">A name, or an IP address in text without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record HostAndPort(string Host, int Port)
{
    /// <summary>Both in one text, always the same for the same host.</summary>
    public string Text { get; } = $"{Host}:{Port}";

    /// <summary>Reads what the operator wrote.</summary>
    public static bool TryParse(string text, int defaultPort, [NotNullWhen(true)] out HostAndPort? result)
    {
        result = null;
        var (host, port) = Split(text);
        var number = defaultPort;
        if (host.Length == 0 || (port is not null && !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            return false;
        }

        if (number is < 1 or > 65535 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        result = new HostAndPort(host, number);
        return true;
    }

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            var rest = text[(end + 1)..];
            return (text[1..end], rest.Length == 0 ? null : rest.StartsWith(':') ? rest[1..] : "");
        }

        // An IPv6 address without brackets has no port behind it.
        if (IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return (text, null);
        }

        var colon = text.LastIndexOf(':');
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }
}
