using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ListServer.MailAuth.Dns;

namespace ListServer.Outbound.Tls;

/// <summary>Connects to hosts that strangers name: to addresses of the Internet only, never to this machine or its private networks.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="dns">Resolves names; what it says is judged and connected to, and not asked for a second time.</param>
/// <param name="allowed">Networks that are no Internet, and yet the operator's own choice.</param>
internal sealed class PublicHosts(IDnsResolver dns, params ImmutableArray<IPNetwork> allowed)
{
    private const int MostAddresses = 4;

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("224.0.0.0/3"),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // Teredo and 6to4 carry an IPv4 address, which may be a private one.
    private static readonly IPNetwork[] Tunnels6 = [IPNetwork.Parse("2001::/32"), IPNetwork.Parse("2002::/16")];

    /// <summary>Opens a connection to a host.</summary>
    /// <exception cref="IOException">It has no address of the Internet, or none that takes a connection.</exception>
    public ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken) =>
        ConnectAsync(host, address => IsPublic(address) || IsAllowed(address), "of the Internet", cancellationToken);

    /// <summary>Opens a connection to a host of the operator's own networks.</summary>
    /// <exception cref="IOException">It has no address in them, or none that takes a connection.</exception>
    public ValueTask<Stream> ConnectInsideAsync(DnsEndPoint host, CancellationToken cancellationToken) => ConnectAsync(host, IsAllowed, "in a network that is allowed without TLS", cancellationToken);

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint host, Func<IPAddress, bool> mayBe, string kind, CancellationToken cancellationToken)
    {
        List<IPAddress> addresses = [];
        if (IPAddress.TryParse(host.Host, out var literal))
        {
            addresses.Add(Plain(literal));
        }
        else
        {
            foreach (var type in new[] { DnsRecordType.Aaaa, DnsRecordType.A })
            {
                var answer = await dns.QueryAsync(host.Host, type, cancellationToken).ConfigureAwait(false);
                addresses.AddRange(answer.Records.OfType<AddressRecord>().Select(r => Plain(r.Address)).Where(mayBe).Take(MostAddresses / 2));
            }
        }

        addresses.RemoveAll(address => !mayBe(address));
        return addresses.Count > 0 ? await ConnectAsync(host, addresses, cancellationToken).ConfigureAwait(false) : throw new IOException($"{host.Host} has no address {kind}");
    }

    private bool IsAllowed(IPAddress address) => allowed.Any(network => network.Contains(Plain(address)));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static async Task<Stream> ConnectAsync(DnsEndPoint host, List<IPAddress> addresses, CancellationToken cancellationToken)
    {
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

        throw new IOException(failure!.Message, failure);
    }

    /// <summary>True for an address of the Internet.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Private, n => n.Contains(plain))
            : Global6.Contains(plain) && !Array.Exists(Tunnels6, n => n.Contains(plain));
    }
}
