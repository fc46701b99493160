using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ListServer.Smtp;

/// <summary>A network prefix; IPv4 lies within ::ffff:0:0/96.</summary>
internal readonly record struct NetworkKey(UInt128 Prefix, int Bits)
{
    /// <summary>
    /// IPv4: /32, /24, /16. IPv6: /64, /56, /48, because one customer holds a /64 at least and often a /56 or a /48 (RFC 6177 §2).
    /// </summary>
    public static (NetworkKey Address, NetworkKey Network, NetworkKey WideNetwork) Around(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(octets, out _);
        var whole = BinaryPrimitives.ReadUInt128BigEndian(octets);
        return address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6
            ? (Cut(whole, 128), Cut(whole, 120), Cut(whole, 112))
            : (Cut(whole, 64), Cut(whole, 56), Cut(whole, 48));
    }

    private static NetworkKey Cut(UInt128 whole, int bits) => new(whole >> (128 - bits) << (128 - bits), bits);
}
