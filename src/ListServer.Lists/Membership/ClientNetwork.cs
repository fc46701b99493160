using System.Net;
using System.Net.Sockets;

namespace ListServer.Lists.Membership;

/// <summary>What counts as one place that requests come from: an IPv4 /24, an IPv6 /48.</summary>
public static class ClientNetwork
{
    /// <summary>The network's name, for counting.</summary>
    public static string Of(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        var kept = address.AddressFamily is AddressFamily.InterNetwork ? 3 : 6;
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, kept));
    }
}
