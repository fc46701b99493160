using System.Collections.Immutable;
using System.Net;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Configuration;
using ListServer.Demo;
using ListServer.Hosting;
using ListServer.Lists.Archiving;
using ListServer.Outbound;
using Microsoft.Extensions.Logging;

namespace ListServer.Load;

/// <summary>A name server, the server with one list, and in a process of its own the sink and the author's client.</summary>
internal sealed class LoadStage : IAsyncDisposable
{
    /// <summary>The list that is posted to.</summary>
    public const string List = "load@lists.example";

    private const string HostName = "mx.lists.example";
    private readonly LoadPlan _plan;
    private readonly TimeProvider _time;
    private readonly DemoDns _dns = new();
    private readonly LoadAuthor _author;
    private SinkProcess? _sink;
    private Server? _server;

    private LoadStage(LoadPlan plan, TimeProvider time) => (_plan, _time, _author) = (plan, time, new LoadAuthor(time));

    /// <summary>Where it all is sent to.</summary>
    public SinkProcess Sink => _sink!;

    /// <summary>Sets everything up.</summary>
    public static async Task<LoadStage> SetAsync(
        LoadPlan plan, string dataFolder, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var stage = new LoadStage(plan, time);
        try
        {
            await stage.StartAsync(dataFolder, logs, cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>So many signed posts.</summary>
    public ImmutableArray<byte[]> Posts(int count) => [.. Enumerable.Range(0, count).Select(_ => _author.Write(List, _plan.Octets))];

    /// <summary>Has the posts of a file brought in, by the sink's process.</summary>
    /// <exception cref="IOException">One was not accepted.</exception>
    public Task PostAsync(string file, CancellationToken cancellationToken) => Sink.PostAsync(_server!.SmtpEndPoints[0], _plan.Connections, file, cancellationToken);

    /// <summary>What the sink has taken, as soon as it is so much.</summary>
    public async Task<SinkCount> DeliveredAsync(long recipients, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await Sink.CountAsync(recipients, cancellationToken);
            if (count.Recipients >= recipients)
            {
                return count;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends transactions over one connection to the sink itself.</summary>
    public Task SendToSinkAsync(IEnumerable<OutboundTransaction> transactions, CancellationToken cancellationToken) =>
        LoadClient.SendAsync(Sink.EndPoint, transactions, _time, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }

        await _dns.DisposeAsync();
        _author.Dispose();
    }

    private async Task StartAsync(string dataFolder, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        _author.Publish(_dns);
        _dns.AddAddress("mx.load.example", IPAddress.Loopback);
        for (var i = 0; i < _plan.Destinations; i++)
        {
            _dns.AddMailExchange($"d{i}.load.example", "mx.load.example");
        }

        _dns.Start();
        _sink = await SinkProcess.StartAsync(_plan.ReplyDelay, cancellationToken);
        _server = await Server.StartAsync(dataFolder, Options(), logs, _time, cancellationToken);
        await _server.Desk.MustAsync(new AddDomain("lists.example"), cancellationToken);
        var key = await _server.Desk.MustAsync(new GenerateKey("lists.example", "load") { UseNow = true }, cancellationToken);
        _dns.AddText(key.Name, key.Record);

        // What is measured is delivery: an archive's work comes once a post, whatever it is delivered to.
        var settings = new ListSettings { Personalize = _plan.Mode is LoadMode.Personal, Verp = _plan.Mode is LoadMode.Verp, Archive = ArchiveAccess.Off };
        await _server.Desk.MustAsync(new CreateList(List) { Settings = settings }, cancellationToken);
        await _server.Desk.MustAsync(new ImportMembers(List, string.Join('\n', Enumerable.Range(0, _plan.Members).Select(i => $"m{i}@d{i % _plan.Destinations}.load.example")), "the load run"), cancellationToken);
        await _server.Desk.MustAsync(new AddMember(List, LoadAuthor.Address) { IsReceiving = false }, cancellationToken);
    }

    private ServerOptions Options() => new()
    {
        HostName = HostName,
        Smtp = new SmtpOptions { Listen = [new(IPAddress.Loopback, 0)], MaxConnectionsPerAddress = 1_000 },

        // A busy machine is no dead one: its answers may come late, and what failed is tried again soon.
        Dns = new DnsOptions { Servers = [_dns.EndPoint], Timeout = TimeSpan.FromSeconds(30) },

        // All destinations are one sink.
        Outbound = new OutboundOptions
        {
            Port = _sink!.EndPoint.Port,
            Smarthost = _plan.ToSmarthost ? _sink.EndPoint.ToString() : null,
            FirstRetry = TimeSpan.FromSeconds(1),
            ConcurrencyPerHost = 500,
        },
        Web = new WebOptions { Listen = [], BaseUrl = "https://lists.example" },
    };
}
