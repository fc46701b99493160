using System.Net;
using System.Net.Sockets;
using ListServer.MailAuth.Dns;

namespace ListServer.Outbound.Tls;

/// <summary>Connects to hosts that strangers name: to addresses of the Internet only, never to this machine or its private networks.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PublicHosts(IDnsResolver dns)
{
    private const int MostAddresses = 4;

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("224.0.0.0/3"),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Opens a connection to a host.</summary>
    /// <exception cref="IOException">It has no address of the Internet, or none that takes a connection.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        List<IPAddress> addresses = [];
        foreach (var type in new[] { DnsRecordType.Aaaa, DnsRecordType.A })
        {
            var answer = await dns.QueryAsync(host.Host, type, cancellationToken).ConfigureAwait(false);
            addresses.AddRange(answer.Records.OfType<AddressRecord>().Select(r => r.Address).Where(IsPublic).Take(MostAddresses / 2));
        }

        SocketException? failure = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, host.Port), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failure = e;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }
        }

        throw new IOException(failure?.Message ?? $"{host.Host} has no address of the Internet", failure);
    }

    /// <summary>True for an address of the Internet.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork ? !Array.Exists(Private, n => n.Contains(plain)) : Global6.Contains(plain);
    }
}
