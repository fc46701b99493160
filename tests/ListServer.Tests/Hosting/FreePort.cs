using System.Net;
using System.Net.Sockets;

namespace ListServer.Tests.Hosting;

/// <summary>A port on loopback that was free a moment ago.</summary>
internal static class FreePort
{
    public static IPEndPoint Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
