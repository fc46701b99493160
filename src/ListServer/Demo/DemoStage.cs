using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ListServer.Admin;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Configuration;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.Outbound;
using Microsoft.Extensions.Logging;

namespace ListServer.Demo;

/// <summary>A whole little world on loopback: a name server, a list with members at several providers, the providers, and the server itself.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private const string Admin = "olive@lists.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Members =
        ["aiko@friendly.example", "ken@strict.example", "hana@bigmail.example", "ben@postbox.example", "yui@mail.ne.example"];

    private readonly TimeProvider _time;
    private readonly OutboundOptions _client = new() { HeloName = "demo.example" };
    private readonly DemoDns _dns = new();
    private readonly DemoSink _sink;
    private readonly DemoAuthors _authors;
    private Server? _server;

    private DemoStage(TimeProvider time, ILoggerFactory logs)
    {
        _time = time;
        _sink = new DemoSink(time, logs);
        _authors = new DemoAuthors(_dns, time);
    }

    /// <summary>The running server.</summary>
    public Server Server => _server!;

    /// <summary>Sets everything up.</summary>
    public static async Task<DemoStage> SetAsync(string dataFolder, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var stage = new DemoStage(time, logs);
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

    /// <summary>Posts the three messages and tells what became of each.</summary>
    public async Task PlayAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var post in _authors.Posts())
        {
            await output.WriteLineAsync($"\n━━ {++number}. {post.Title}");
            await output.WriteLineAsync($"   answer to the last octet: {await SendAsync(post, cancellationToken)}");
            var trace = await SettledTraceAsync(post.MessageId, cancellationToken);
            Commands.TraceCommand.Print(trace, output);
            if (trace.Post.State == PostState.Distributed)
            {
                await ShowDeliveriesAsync(output, cancellationToken);
            }
            else
            {
                await output.WriteLineAsync($"   nothing was delivered; it waits for a moderator: listserver held accept {trace.Post.Id}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _sink.DisposeAsync();
        await _dns.DisposeAsync();
        _authors.Dispose();
    }

    private async Task StartAsync(string dataFolder, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        _authors.Publish();
        _dns.Start();
        await _sink.StartAsync(cancellationToken);
        _server = await Server.StartAsync(dataFolder, Options(), logs, _time, cancellationToken);
        await _server.Desk.MustAsync(new AddDomain("lists.example"), cancellationToken);
        var key = await _server.Desk.MustAsync(new GenerateKey("lists.example", "demo") { UseNow = true }, cancellationToken);
        _dns.AddText(key.Name, key.Record);
        _dns.AddText("lists.example", "v=spf1 ip4:127.0.0.0/8 -all");
        _dns.AddText("_dmarc.lists.example", "v=DMARC1; p=reject");
        await _server.Desk.MustAsync(new CreateList(DemoAuthors.List)
        {
            Settings = new ListSettings { SubjectPrefix = "[talk:%05d] ", Footer = "-- \ntalk@lists.example, to leave: talk-leave@lists.example" },
        }, cancellationToken);
        await _server.Desk.MustAsync(new ImportMembers(DemoAuthors.List, string.Join('\n', Members), "the demo"), cancellationToken);
    }

    /// <summary>A link that signs in, once, as whoever runs the demo's server.</summary>
    public async Task<Uri?> AdminLinkAsync(CancellationToken cancellationToken)
    {
        await Server.Desk.MustAsync(new SaveUser(Admin) { Name = "Olive", RunsServer = true }, cancellationToken);
        return (await Server.Desk.MustAsync(new MakeLink(Admin), cancellationToken)).Url;
    }

    private ServerOptions Options() => new()
    {
        HostName = "mx.lists.example",
        Smtp = new SmtpOptions { Listen = [FreeFrom(2525)] },
        Dns = new DnsOptions { Servers = [_dns.EndPoint] },
        Outbound = new OutboundOptions { Smarthost = _sink.EndPoint.ToString(), HeloName = "mx.lists.example" },
        Web = new WebOptions { Listen = [FreeFrom(8080)] },
    };

    // The usual port, or any that is free.
    private static IPEndPoint FreeFrom(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return new IPEndPoint(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            return new IPEndPoint(IPAddress.Loopback, 0);
        }
    }

    private async Task<string> SendAsync(DemoPost post, CancellationToken cancellationToken)
    {
        var hop = new Hop("mx.lists.example", Server.SmtpEndPoints[0], TlsMode.Opportunistic);
        var opened = await new SmtpConnector(_client with { HeloName = post.Helo }, _time).OpenAsync(hop, cancellationToken);
        if (!opened.IsOpen)
        {
            return opened.Failure.ToString();
        }

        await using var connection = opened.Connection;
        var results = await connection.SendAsync(
            new OutboundTransaction(post.MailFrom, [DemoAuthors.List], CopyOctets.Whole(post.Octets)), null, cancellationToken);
        await connection.QuitAsync();
        return $"{results[0].Outcome.Reply.Code} {results[0].Outcome.Reply.Text}";
    }

    private async Task<PostTrace> SettledTraceAsync(string messageId, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        while (true)
        {
            if (await Server.Desk.RunAsync(new ShowTrace(messageId), deadline.Token) is Outcome<PostTrace>.Done(var trace)
                && (trace.Post.State == PostState.Held || trace.Deliveries is { Waiting: 0 }))
            {
                return trace;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, deadline.Token);
        }
    }

    private async Task ShowDeliveriesAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var deliveries = ImmutableArray.CreateBuilder<DemoDelivery>();
        while (deliveries.Sum(delivery => delivery.Recipients.Length) < Members.Length)
        {
            deliveries.Add(await _sink.Deliveries.ReadAsync(cancellationToken));
        }

        var message = RawMessage.Parse(deliveries[0].Octets);
        await output.WriteLineAsync($"   ── the header block that {deliveries[0].Recipients[0]} received");
        await output.WriteLineAsync(Encoding.UTF8.GetString(message.Octets.Span[..^message.Body.Length]).TrimEnd().ReplaceLineEndings("\n"));
    }
}
