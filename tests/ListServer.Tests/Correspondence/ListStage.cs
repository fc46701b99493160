using System.Net;
using System.Text;
using ListServer.Admin;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Configuration;
using ListServer.Demo;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Outbound;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Tests.Correspondence;

/// <summary>
/// A started server with the list news@lists.example and its owner olga@office.example, its own DNS, and a sink for all that it sends.
/// signed.example signs and publishes p=none; strict.example signs and publishes p=reject; spf.example has SPF alone; plain.example has nothing.
/// </summary>
public abstract class ListStage : IAsyncLifetime
{
    protected const string List = "news@lists.example";
    protected const string Owner = "olga@office.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("list-test-").FullName;
    private readonly DemoDns _dns = new();

    // Made once: a key takes longer than most tests.
    private static readonly SigningIdentity Ours = new("lists.example", "k1", SigningKey.GenerateRsa());

    private static readonly SigningIdentity[] Signers =
        [new("signed.example", "s1", SigningKey.GenerateRsa()), new("strict.example", "s1", SigningKey.GenerateRsa())];

    private Server _server = null!;

    internal MailSink Sink { get; } = new();

    internal IPEndPoint SmtpEndPoint => _server.SmtpEndPoints[0];

    protected ListStore Store => _server.Store;

    protected string DataFolder => Path.Combine(_folder, "data");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Who reads postmaster's mail; empty for nobody.</summary>
    protected virtual string Postmaster => "";

    /// <summary>True for a server with pages; links in its mail begin with https://pages.example.</summary>
    protected virtual bool HasPages => false;

    /// <summary>Where the pages really are.</summary>
    protected Uri Pages => _server.WebAddress!;

    public virtual async ValueTask InitializeAsync()
    {
        Array.ForEach([Ours, .. Signers], signer => _dns.AddText(signer.DnsName, signer.Key.DnsRecord));
        _dns.AddText("_dmarc.signed.example", "v=DMARC1; p=none");
        _dns.AddText("_dmarc.strict.example", "v=DMARC1; p=reject");
        _dns.AddText("spf.example", "v=spf1 ip4:127.0.0.0/8 -all");
        _dns.AddText("_dmarc.spf.example", "v=DMARC1; p=none");
        _dns.AddText("plain.example", "nothing to see");
        _dns.AddText("_dmarc.lists.example", "v=DMARC1; p=reject");
        _dns.Start();
        await Sink.StartAsync();
        await StartAsync();
        Store.Keys.TryAdd(new StoredKey("lists.example", Ours.Selector, Ours.Key.ToPem())).ShouldBeTrue();
        await Store.CommitAsync(new DomainSaved(new MailDomain("lists.example", Ours.Selector)), Cancel);
        await DoneAsync(new CreateList(List) { Settings = new ListSettings { DisplayName = "News" } });
        await DoneAsync(new AddMember(List, Owner) { Role = MemberRole.Owner, IsReceiving = false });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Sink.DisposeAsync();
        await _dns.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected async Task<T> DoneAsync<T>(UseCase<T> useCase) => (await _server.Desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Done>().Answer;

    protected async Task<string> RefusedAsync<T>(UseCase<T> useCase) => (await _server.Desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Refused>().Message;

    protected async Task RestartAsync()
    {
        await _server.DisposeAsync();
        await StartAsync();
    }

    /// <summary>A message from this address: signed where its domain signs, unless it is forged.</summary>
    protected static byte[] Write(string from, string subject, string body = "", string header = "", bool isForged = false)
    {
        var octets = Encoding.UTF8.GetBytes($"From: <{from}>\r\nTo: news@lists.example\r\nSubject: {subject}\r\nDate: Mon, 01 Mar 2027 09:00:00 +0000\r\n"
            + $"Message-ID: <{Guid.NewGuid():N}@{from.Split('@')[1]}>\r\n{header}\r\n{body}");
        return !isForged && Array.Find(Signers, signer => signer.Domain == from.Split('@')[1]) is { } identity
            ? [.. new DkimSigner(identity).Sign(RawMessage.Parse(octets)).ToArray(), .. octets]
            : octets;
    }

    /// <summary>Sends a message as its author's server would; answers "code enhanced-code text".</summary>
    protected Task<string> SendAsync(string from, string to, string subject = "", string body = "", string header = "") =>
        SendAsync(Write(from, subject, body, header), from, to);

    protected async Task<string> SendAsync(byte[] octets, string reversePath, string to)
    {
        var connector = new SmtpConnector(new OutboundOptions { HeloName = "client.example" }, TimeProvider.System);
        var opened = await connector.OpenAsync(new Hop("mx.lists.example", SmtpEndPoint, TlsMode.None), Cancel);
        opened.IsOpen.ShouldBeTrue(opened.Failure?.ToString());
        await using var connection = opened.Connection!;
        var results = await connection.SendAsync(new OutboundTransaction(reversePath, [to], CopyOctets.Whole(octets)), null, Cancel);
        var reply = results[0].Outcome.Reply;
        return $"{reply.Code} {reply.EnhancedCode} {reply.Text}";
    }

    /// <summary>All that was sent so far, once the queue is empty: what a message asks for is queued before its reply.</summary>
    internal async Task<IReadOnlyList<Delivered>> SentAsync()
    {
        await UntilAsync(() => Store.Queue.Count == 0);
        return Sink.Mail;
    }

    protected static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(10, Cancel);
        }

        Assert.Fail("It did not come true within 20 s.");
    }

    /// <summary>What a strict receiver finds out about a delivered mail.</summary>
    internal async Task<AuthenticationReport> VerifyAsync(Delivered mail)
    {
        var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [_dns.EndPoint] });
        return await new MessageAuthenticator(resolver, TimeProvider.System)
            .VerifyAsync(mail.Message, IPAddress.Loopback, "mx.lists.example", mail.ReversePath, cancellationToken: Cancel);
    }

    private async Task StartAsync() => _server = await Server.StartAsync(
        DataFolder,
        new ServerOptions
        {
            HostName = "mx.lists.example",
            Postmaster = Postmaster,
            Smtp = new SmtpOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] },
            Dns = new DnsOptions { Servers = [_dns.EndPoint] },
            Outbound = new OutboundOptions { Smarthost = Sink.EndPoint.ToString(), SmarthostTls = TlsMode.None, HeloName = "mx.lists.example" },
            Web = HasPages ? new WebOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], BaseUrl = "https://pages.example" } : new WebOptions { Listen = [] },
        },
        NullLoggerFactory.Instance,
        TimeProvider.System,
        Cancel);
}
