using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>Debian's name server nsd on loopback, with zones that the test writes as files.</summary>
internal sealed class Nsd : IAsyncDisposable
{
    private static readonly byte[] Question = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, .. "example"u8, 0, 0, 6, 0, 1];

    private readonly string _folder = Directory.CreateTempSubdirectory("nsd-").FullName;
    private readonly IReadOnlyList<string> _zones;
    private Process? _process;

    private Nsd(IPAddress address, int port, IReadOnlyList<string> zones) => (Address, Port, _zones) = (address, port, zones);

    public IPAddress Address { get; }

    public int Port { get; }

    /// <summary>Makes a server for zones that are written before it starts.</summary>
    public static Nsd For(params string[] zones) => new(IPAddress.Loopback, FreePort.Take(), zones);

    /// <summary>Another server for the same zones, at another address and the same port.</summary>
    public Nsd Beside(string address) => new(IPAddress.Parse(address), Port, _zones);

    /// <summary>Starts it with these records, or anew with others; each zone gets its SOA and NS.</summary>
    public async Task ServeAsync(Func<string, string> records, CancellationToken cancellationToken)
    {
        await StopAsync();
        foreach (var zone in _zones)
        {
            await File.WriteAllTextAsync(
                Path.Combine(_folder, zone), $"$ORIGIN {zone}.\n$TTL 60\n@ IN SOA ns1 root 1 3600 600 86400 60\n@ IN NS ns1.example.\n{records(zone)}", cancellationToken);
        }

        var configuration = Path.Combine(_folder, "nsd.conf");
        var server = $"server:\n  ip-address: {Address}@{Port}\n  username: \"\"\n  zonesdir: \"{_folder}\"\n  database: \"\"\n  pidfile: \"\"\n  xfrdfile: \"\"\n  zonelistfile: \"{_folder}/zones\"\n"
            + $"  xfrdir: \"{_folder}\"\n  server-count: 1\n  rrl-ratelimit: 0\nremote-control:\n  control-enable: no\n";
        await File.WriteAllTextAsync(configuration, server + string.Concat(_zones.Select(zone => $"zone:\n  name: {zone}\n  zonefile: {zone}\n")), cancellationToken);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/nsd", ["-d", "-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await AnswersAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Listserver.Patience);
        while (true)
        {
            _process!.HasExited.ShouldBeFalse(_process.HasExited ? await _process.StandardError.ReadToEndAsync(cancellationToken) : "");
            using var socket = new UdpClient(AddressFamily.InterNetwork);
            socket.Connect(Address, Port);
            try
            {
                await socket.SendAsync(Question, deadline.Token);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
                patience.CancelAfter(TimeSpan.FromMilliseconds(200));
                await socket.ReceiveAsync(patience.Token);
                return;
            }
            catch (Exception notYet) when (notYet is SocketException or OperationCanceledException && !deadline.IsCancellationRequested)
            {
                // Not there yet, or the kernel said so.
            }
        }
    }

    private async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]))
        {
            await kill.WaitForExitAsync(CancellationToken.None);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }
}
