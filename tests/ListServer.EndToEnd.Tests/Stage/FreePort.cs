using System.Net;
using System.Net.Sockets;

namespace ListServer.EndToEnd.Tests.Stage;

internal static class FreePort
{
    /// <summary>A TCP port of loopback that nobody has now.</summary>
    public static int Take()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
