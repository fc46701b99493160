using System.Net;

namespace ListServer.MailAuth.Spf;

/// <summary>Compares the leading bits of addresses (RFC 7208 §5: "ip" matching under a prefix length).</summary>
internal static class AddressPrefix
{
    /// <summary>True when both addresses are of one family and their first <paramref name="prefix"/> bits are the same.</summary>
    public static bool Matches(IPAddress network, IPAddress client, int prefix)
    {
        if (network.AddressFamily != client.AddressFamily)
        {
            return false;
        }

        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        network.TryWriteBytes(a, out var length);
        client.TryWriteBytes(b, out _);
        var whole = prefix / 8;
        var mask = (byte)(0xFF00 >> (prefix % 8));
        return a[..whole].SequenceEqual(b[..whole]) && (whole == length || ((a[whole] ^ b[whole]) & mask) == 0);
    }
}
