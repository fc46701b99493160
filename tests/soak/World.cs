using System.Net;
using System.Net.Sockets;
using System.Text;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.Soak;

/// <summary>A name server, receiving hosts of given conduct, and a list with members at all of them; the server is started by the scenario.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string List = "talk@lists.example";

    private static int _lastPost;
    private readonly int _port = FreePort.Take();
    private readonly List<(Conduct Conduct, Receiver Receiver, string[] Members)> _hosts = [];

    private World(string folder, int smtpPort)
    {
        SmtpPort = smtpPort;
        Server = new ServerProcess(folder,
        [
            "HostName=mx.lists.example", $"Smtp:Listen=127.0.0.1:{smtpPort}", "Smtp:MaxConnectionsPerAddress=1000", "Web:Listen=",
            $"Dns:Servers={Dns.Address}", "Dns:Timeout=00:00:02", $"Outbound:Port={_port}", "Outbound:FirstRetry=00:00:02", "Outbound:LastRetry=00:00:30",
        ]);
    }

    public NameServer Dns { get; } = new();

    public Books Books { get; } = new();

    public ServerProcess Server { get; }

    public int SmtpPort { get; }

    /// <summary>Connections open now at all receiving hosts: at most one transaction in each.</summary>
    public int OpenConnections => _hosts.Sum(host => host.Receiver.Open);

    public static async Task<World> MakeAsync(string folder, int membersPerHost, params Conduct[] conducts)
    {
        var world = new World(folder, FreePort.Take());
        world.AddHosts(conducts, membersPerHost);
        world.Dns.AddText("author.example", "v=spf1 ip4:127.0.0.1 -all");
        await ServerProcess.CommandAsync(folder, "domain", "add", "lists.example");
        await ServerProcess.CommandAsync(folder, "key", "generate", "lists.example", "--selector", "s1", "--use-now");
        await ServerProcess.CommandAsync(folder, "list", "create", List);
        var members = Path.Combine(Path.GetTempPath(), $"soak-members-{Environment.ProcessId}.csv");
        await File.WriteAllLinesAsync(members, world._hosts.SelectMany(host => host.Members));
        await ServerProcess.CommandAsync(folder, "member", "import", List, members);
        File.Delete(members);
        await ServerProcess.CommandAsync(folder, "member", "add", List, "author@author.example", "--no-mail");
        var record = await ServerProcess.CommandAsync(folder, "key", "show", "lists.example");
        world.Dns.AddText("s1._domainkey.lists.example", string.Concat(record.Split('"').Where((_, i) => i % 2 == 1)));
        return world;
    }

    /// <summary>The members whose hosts behave so.</summary>
    public IReadOnlyList<string> Members(params Conduct[] conducts) => [.. _hosts.Where(host => conducts.Contains(host.Conduct)).SelectMany(host => host.Members)];

    /// <summary>Connections ever opened to hosts that behave so.</summary>
    public int Opened(Conduct conduct) => _hosts.Where(host => host.Conduct == conduct).Sum(host => host.Receiver.Opened);

    /// <summary>Sends one post; answers the code of the last reply, 0 when the connection broke.</summary>
    public async Task<int> PostAsync(CancellationToken cancellationToken)
    {
        var id = $"p{Interlocked.Increment(ref _lastPost)}";
        var text = $"From: Author <author@author.example>\r\nTo: {List}\r\nSubject: Post {id}\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\n"
            + $"Message-ID: <{id}@author.example>\r\n\r\n{string.Concat(Enumerable.Repeat("A line of this post.\r\n", 100))}.\r\n";
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(IPAddress.Loopback, SmtpPort, cancellationToken);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var code = await ReplyAsync(reader, cancellationToken);
            foreach (var line in new[] { "EHLO author.example\r\n", "MAIL FROM:<author@author.example>\r\n", $"RCPT TO:<{List}>\r\n", "DATA\r\n", text })
            {
                if (code >= 400)
                {
                    break;
                }

                await stream.WriteAsync(Encoding.Latin1.GetBytes(line), cancellationToken);
                code = await ReplyAsync(reader, cancellationToken);
            }

            if (code == 250)
            {
                Books.Acknowledge(id);
            }

            return code;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return 0;
        }
    }

    /// <summary>Waits until the members have all acknowledged posts; answers what is missing after that time.</summary>
    public async Task<IReadOnlyList<string>> SettleAsync(IReadOnlyList<string> members, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (Books.Missing(members) is { Count: > 0 } missing)
        {
            if (deadline.IsCancellationRequested)
            {
                return missing;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }

        return [];
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        foreach (var host in _hosts)
        {
            await host.Receiver.DisposeAsync();
        }

        Dns.Dispose();
    }

    private static async Task<int> ReplyAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length < 4 || line[3] != '-')
            {
                return int.Parse(line.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    private void AddHosts(Conduct[] conducts, int membersPerHost)
    {
        foreach (var conduct in conducts)
        {
            var (number, address) = (_hosts.Count, $"127.0.1.{_hosts.Count + 1}");
            var domain = $"host{number}.example";
            Dns.AddMailExchange(domain, $"mx.{domain}");
            Dns.AddAddress($"mx.{domain}", address);
            _hosts.Add((conduct, new Receiver(new IPEndPoint(IPAddress.Parse(address), _port), conduct, Books), [.. Enumerable.Range(0, membersPerHost).Select(i => $"m{i}@{domain}")]));
        }
    }
}
