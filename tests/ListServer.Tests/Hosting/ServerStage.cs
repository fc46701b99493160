using System.Net;
using System.Text;
using ListServer.Admin;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Posts;
using ListServer.Configuration;
using ListServer.Demo;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Outbound;
using ListServer.Tests.Outbound;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Tests.Hosting;

/// <summary>A whole server on loopback, with a name server, one list domain, and a peer that takes its deliveries.</summary>
internal sealed class ServerStage : IAsyncDisposable
{
    public const string List = "talk@lists.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly SigningKey AuthorKey = SigningKey.GenerateRsa();

    private Server? _server;
    private TimeProvider _time = TimeProvider.System;

    private ServerStage(Func<ServerOptions, ServerOptions> change, Peer peer) => (Change, Peer) = (change, peer);

    public DemoDns Dns { get; } = new();

    public Peer Peer { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("listserver-test-").FullName;

    public Server Server => _server!;

    /// <summary>What the test wants otherwise than the stage.</summary>
    public Func<ServerOptions, ServerOptions> Change { get; set; }

    /// <summary>Starts everything, with a list that aiko (strict.example) and ben (plain.example) are on.</summary>
    public static async Task<ServerStage> StartAsync(Func<ServerOptions, ServerOptions>? change = null, ListSettings? settings = null, bool withKey = true, Peer? peer = null, TimeProvider? time = null)
    {
        var stage = new ServerStage(change ?? (options => options), peer ?? new Peer()) { _time = time ?? TimeProvider.System };
        stage.Publish();
        await stage.StartServerAsync();
        await stage.DoAsync(new AddDomain("lists.example"));
        if (withKey)
        {
            await stage.MakeKeyAsync();
        }

        await stage.DoAsync(new CreateList(List) { Settings = settings ?? new ListSettings { SubjectPrefix = "[talk:%d] " } });
        await stage.DoAsync(new ImportMembers(List, "aiko@strict.example\nben@plain.example\n", "test"));
        return stage;
    }

    public async Task StartServerAsync() =>
        _server = await Server.StartAsync(Folder, Change(Options()), NullLoggerFactory.Instance, _time, Cancelled);

    public async Task StopServerAsync()
    {
        await Server.DisposeAsync();
        _server = null;
    }

    public async Task MakeKeyAsync()
    {
        var key = await DoAsync(new GenerateKey("lists.example", "s1") { UseNow = true });
        Dns.AddText(key.Name, key.Record);
    }

    /// <summary>Runs a use case that must succeed.</summary>
    public async Task<T> DoAsync<T>(UseCase<T> useCase) => await Server.Desk.RunAsync(useCase, Cancelled) switch
    {
        Outcome<T>.Done(var answer) => answer,
        Outcome<T>.Refused(_, var message) => throw new InvalidOperationException(message),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Sends a message to the relay port; answers the reply to its last octet, or to what was refused before.</summary>
    public async Task<string> SendAsync(byte[] message, string mailFrom = "aiko@strict.example", params string[] recipients)
    {
        var hop = new Hop("mx.lists.example", Server.SmtpEndPoints[0], TlsMode.None);
        var opened = await new SmtpConnector(new OutboundOptions { HeloName = "client.example" }, TimeProvider.System).OpenAsync(hop, Cancelled);
        opened.IsOpen.ShouldBeTrue(opened.Failure?.ToString());
        await using var connection = opened.Connection!;
        var to = recipients.Length == 0 ? [List] : recipients;
        var results = await connection.SendAsync(new OutboundTransaction(mailFrom, [.. to], CopyOctets.Whole(message)), null, Cancelled);
        await connection.QuitAsync();
        return $"{results[0].Outcome.Reply.Code} {results[0].Outcome.Reply.EnhancedCode} {results[0].Outcome.Reply.Text}";
    }

    /// <summary>A message from aiko of strict.example (p=reject), signed.</summary>
    public static byte[] SignedPost(string subject = "Hello", string body = "Hello all\r\n", string from = "Aiko Sato <aiko@strict.example>", string id = "") =>
        Sign(Post(subject, body, from, id));

    /// <summary>The message with strict.example's signature on top.</summary>
    public static byte[] Sign(byte[] octets)
    {
        byte[] signature = new DkimSigner(new SigningIdentity("strict.example", "a1", AuthorKey)).Sign(RawMessage.Parse(octets));
        return [.. signature, .. octets];
    }

    /// <summary>A message without a signature.</summary>
    public static byte[] Post(string subject = "Hello", string body = "Hello all\r\n", string from = "Ben <ben@plain.example>", string id = "") =>
        Encoding.UTF8.GetBytes(
            $"From: {from}\r\nTo: {List}\r\nSubject: {subject}\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\n"
            + $"Message-ID: <{(id.Length > 0 ? id : Guid.NewGuid().ToString("N"))}@client.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}");

    /// <summary>The latest post's trace, once it stands where the test says.</summary>
    public async Task<PostTrace> TraceAsync(Func<PostTrace, bool> isThere)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        while (true)
        {
            if (await DoAsync(new BrowsePosts(null, null)) is [var post, ..]
                && await DoAsync(new ShowTrace(post.Id)) is var trace && isThere(trace))
            {
                return trace;
            }

            await Task.Delay(10, deadline.Token);
        }
    }

    /// <summary>Returns once it is true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        while (!await isTrue())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    /// <summary>The latest post's trace, once nothing of it waits any more.</summary>
    public Task<PostTrace> SettledAsync() => TraceAsync(trace => trace.Post.State != PostState.Accepted && trace.Deliveries is not { Waiting: > 0 });

    /// <summary>The first delivered mail whose subject holds this.</summary>
    public async Task<Received> MailAsync(string subject)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        while (true)
        {
            if (Peer.Messages.FirstOrDefault(mail => mail.Text.Contains("Subject: " + subject, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await Task.Delay(10, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Peer.DisposeAsync();
        await Dns.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private void Publish()
    {
        Dns.AddText("a1._domainkey.strict.example", AuthorKey.DnsRecord);
        Dns.AddText("_dmarc.strict.example", "v=DMARC1; p=reject");
        Dns.AddText("strict.example", "v=spf1 -all");
        Dns.AddText("plain.example", "v=spf1 ip4:127.0.0.0/8 -all");
        Dns.AddText("_dmarc.plain.example", "v=DMARC1; p=none");
        Dns.Start();
    }

    private ServerOptions Options() => new()
    {
        HostName = "mx.lists.example",
        Smtp = new SmtpOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] },
        Dns = new DnsOptions { Servers = [Dns.EndPoint], Timeout = TimeSpan.FromSeconds(5) },
        Outbound = new OutboundOptions { Smarthost = $"127.0.0.1:{Peer.Port}", HeloName = "mx.lists.example", Tls = TlsMode.None, SmarthostTls = TlsMode.None },
        Web = new WebOptions { Listen = [] },
    };
}
