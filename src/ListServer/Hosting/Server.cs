using System.Collections.Concurrent;
using System.Net;
using ListServer.Admin;
using ListServer.Admin.Jobs;
using ListServer.Admin.Reports;
using ListServer.Archiving;
using ListServer.Configuration;
using ListServer.Control;
using ListServer.Correspondence;
using ListServer.Digests;
using ListServer.Distribution;
using ListServer.Keys;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Notices;
using ListServer.Lists.Publishing;
using ListServer.MailAuth;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Reports;
using ListServer.Metrics;
using ListServer.Outbound;
using ListServer.Outbound.Tls;
using ListServer.Reception;
using ListServer.Rehearsal;
using ListServer.Reporting;
using ListServer.Reports;
using ListServer.Returns;
using ListServer.Store;
using ListServer.Survey;
using ListServer.Webhooks;
using Microsoft.Extensions.Logging;

namespace ListServer.Hosting;

/// <summary>The running server: here the wires meet. Made whole or not at all; stopped in the reverse order of its making.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DeliveryLoop? _delivery;
    private Verification? _verification;
    private PostRehearsal? _rehearsal;
    private NoticeTemplates? _templates;
    private OutgoingMail? _outgoing;
    private ReportRounds? _reports;
    private SignInLetters? _signIns;
    private StsFetch? _stsFetch;
    private volatile bool _isReady;

    private Server(ListStore store, LocalDesk desk) => (Store, Desk) = (store, desk);

    /// <summary>The state, for the parts of this process.</summary>
    public ListStore Store { get; }

    /// <summary>Where use cases are run.</summary>
    public LocalDesk Desk { get; }

    /// <summary>Where it takes mail from other servers, with the ports that port 0 became.</summary>
    public IReadOnlyList<IPEndPoint> SmtpEndPoints { get; private set; } = [];

    /// <summary>Where its pages are; null when there are none.</summary>
    public Uri? WebAddress { get; private set; }

    /// <summary>Where its metrics are; null when they are nowhere.</summary>
    public Uri? MetricsAddress { get; private set; }

    /// <summary>
    /// Completes when the server can't go on: a loop broke, or the disk no longer takes what is written. What was accepted is safe; a new start goes on with it.
    /// </summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>Starts everything.</summary>
    /// <exception cref="ServerStartException">An option makes no sense, a port is taken, a certificate can't be read.</exception>
    /// <exception cref="StoreException">The data folder can't be opened.</exception>
    public static async Task<Server> StartAsync(
        string dataFolder, ServerOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new ServerStartException(string.Join('\n', problems));
        }

        var store = ListStore.Open(new StoreOptions(dataFolder) { KeySecret = options.Keys.Secret }, time, logs.CreateLogger<ListStore>());
        Server? server = null;
        server = new Server(store, new LocalDesk(new AdminContext(store, time, "server")
        {
            HostName = options.HostName,
            Face = FaceOf(options),
            Dns = new DnsClientResolver(NamesOf(options)),
            Dmarc = options.Dmarc,
            HostNames = new HostNames(new DnsClientResolver(NamesOf(options)), time),
            LookAtSts = (domain, hosts, cancel) => StsPolicies.LookAsync(server!._stsFetch!, domain, hosts, cancel),
            PaceOf = destination => server?._delivery?.PaceOf(destination),
            VerifyLocal = (message, by, cancel) => server!._verification!.VerifyLocalAsync(message, by, cancel),
            TryPost = (asked, list, by, cancel) => server!._rehearsal!.TryAsync(asked, list, by, cancel),
            SendSignIn = (letter, cancel) => server!._signIns!.SendAsync(letter, cancel),
            PreviewReport = (due, cancel) => server!._reports!.PreviewAsync(due, cancel),
            SendReports = cancel => server!._reports!.SendDueAsync(cancel),
            WebAddress = () => server!.PublicAddress(options),
            JoinWording = (list, address) => server!._templates!.Render(NoticeKind.ConfirmJoin, new NoticeFacts(list, address) { Token = "…" }).Text,
            Templates = () => server!._templates!,
            CopyLifetime = options.Outbound.Expiry,
            ClearWebhooks = !options.Webhooks.AllowedNetworks.IsEmpty,
            Postmaster = options.Postmaster,
            Trust = TrustOf(options),
        }));
        server._parts.Push(store);
        store.Failed.Register(() => server._failure.TrySetResult(new StoreException("The data folder no longer takes what is written; the log says more.")));
        try
        {
            await server.StartPartsAsync(dataFolder, options, logs, time, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isReady = false;
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(
        string dataFolder, ServerOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        var instruments = new Instruments();
        _parts.Push(new Disposal(instruments));
        var names = NamesOf(options);
        var resolver = Resolver(names, instruments, time);
        var trust = TrustOf(options);
        var keys = new SigningKeys(Store);
        _parts.Push(new Disposal(keys));
        var authorities = new ConcurrentDictionary<IPAddress, IDnsResolver>();
        var look = new AuthorityLook(new DnsClientResolver(names), address => authorities.GetOrAdd(
            address, server => new DnsClientResolver(new DnsClientResolverOptions { Servers = [new(server, options.Dns.AuthorityPort)], Timeout = options.Dns.Timeout })));
        Run(new KeyRounds(Store, Desk.For("key rotation"), look, time, logs.CreateLogger<KeyRounds>()).RunAsync);

        var personal = new PersonalCopies(Store, keys, options);
        var kitchen = new HouseKitchen(trust, options, time);
        var audience = new Audience(Store, trust);
        var signer = new CopySigner(resolver, time);
        var sevenBit = new SevenBitCopies(Store, signer, keys, kitchen, time);
        var outbound = options.Outbound with { HeloName = options.Outbound.HeloName ?? options.HostName };
        var delivering = Resolver(names with { RequestDnssec = outbound.Dane }, instruments, time);
        _delivery = new DeliveryLoop(Store, new CopySource(Store, personal.Make, sevenBit.MakeAsync), delivering, outbound, time, logs, instruments: instruments, findSts: StartMtaSts(outbound, resolver, logs, time));
        Run(_delivery.RunAsync);

        var distributor = new Distributor(Store, signer, keys, kitchen, audience, options, time, instruments, logs.CreateLogger<Distributor>());
        Run(distributor.RunAsync);
        Run(new DomainSurvey(Store, resolver, time, logs.CreateLogger<DomainSurvey>()).RunAsync);
        Run(new Archivist(Store, kitchen, time, logs.CreateLogger<Archivist>()).RunAsync);

        var authenticator = new MessageAuthenticator(resolver, time);
        _verification = new Verification(authenticator, Store, options, time, instruments);
        var judge = new PostJudge(Store, trust, time);
        _rehearsal = new PostRehearsal(Store, _verification, judge, new CopyMakers(kitchen, audience, keys, signer, personal), authenticator, trust, options, time);
        var correspondence = StartCorrespondence(dataFolder, options, kitchen, signer, keys, trust, instruments, logs, time);
        var ledger = new ReceivedLedger(Store, time);
        Run(ledger.RunAsync);
        _reports = new ReportRounds(Store, ledger, new ReportDestinationFinder(resolver), keys, _outgoing!, time, logs.CreateLogger<ReportRounds>());
        _parts.Push(new Disposal(_reports));
        Run(_reports.RunAsync);
        var acceptance = new Acceptance(Store, _verification, correspondence, judge, ledger, time, logs.CreateLogger<Acceptance>());
        var doors = await Doors.OpenAsync(dataFolder, options, Store, acceptance, time, logs, cancellationToken);
        SmtpEndPoints = doors.RelayEndPoints;
        _parts.Push(doors);

        await StartMetricsAsync(options.Metrics, instruments, doors, logs, time, cancellationToken);
        var webhooks = new WebhookCourier(Store, new PublicHosts(resolver, options.Webhooks.AllowedNetworks), time, logs.CreateLogger<WebhookCourier>());
        _parts.Push(new Disposal(webhooks));
        Run(webhooks.RunAsync);
        _parts.Push(await ControlSocket.StartAsync(dataFolder, Desk, logs, cancellationToken));
        if (!options.Web.Listen.IsEmpty)
        {
            await Desk.RunAsync(new InterruptJobs(), cancellationToken);
            var web = await WebHost.StartAsync(dataFolder, options, Desk, logs, time, cancellationToken);
            WebAddress = web.Address;
            _parts.Push(web);
        }

        _isReady = true;
    }

    // Never from a request's Host: links in mail go where the operator says (SEC-30).
    private Uri? PublicAddress(ServerOptions options) => options.Web.BaseUrl.Length > 0 ? new Uri(options.Web.BaseUrl) : WebAddress;

    private Func<string, CancellationToken, Task<StsFinding>>? StartMtaSts(OutboundOptions options, CachingResolver resolver, ILoggerFactory logs, TimeProvider time)
    {
        _stsFetch = new StsFetch(new PublicHosts(resolver).ConnectAsync, time);
        _parts.Push(new Disposal(_stsFetch));
        if (!options.MtaSts)
        {
            return null;
        }

        var policies = new StsPolicies(Store, resolver, _stsFetch, time, logs.CreateLogger<StsPolicies>());
        Run(policies.RefreshAsync);
        return policies.FindAsync;
    }

    private static CachingResolver Resolver(DnsClientResolverOptions options, Instruments instruments, TimeProvider time) =>
        new(new MeteredResolver(new DnsClientResolver(options), instruments, time), time);

    private static DnsClientResolverOptions NamesOf(ServerOptions options) =>
        new() { Servers = options.Dns.Servers, Timeout = options.Dns.Timeout, TrustedServers = options.Dns.Validators };

    private static PublicFace FaceOf(ServerOptions options) => new(options.HostName)
    {
        MailExchangers = options.Publish.MailExchangers,
        Addresses = options.Publish.Addresses,
        Includes = options.Publish.Includes,
        ReportsTo = options.Publish.ReportsTo,
        Sts = options.Publish.MtaSts,
        Smarthost = options.Outbound.Smarthost,
    };

    private static OperatorTrust TrustOf(ServerOptions options) => new() { Sealers = [.. options.Trust.Sealers], StrictDomains = [.. options.Trust.AlwaysStrict] };

    private async Task StartMetricsAsync(
        MetricsOptions options, Instruments instruments, Doors doors, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Listen.IsEmpty)
        {
            return;
        }

        _parts.Push(new Disposal(new Gauges(Store, instruments, () => doors.CertificateExpiry, time)));
        var metrics = await MetricsHost.StartAsync(
            options, instruments, () => Failure.IsCompleted ? "the server can't go on; its log says why" : null, () => _isReady, logs, cancellationToken);
        MetricsAddress = metrics.Address;
        _parts.Push(metrics);
    }

    private void Run(Func<CancellationToken, Task> loop)
    {
        var worker = Worker.Start(loop);
        _parts.Push(worker);
        _ = worker.Run.ContinueWith(
            run => _failure.TrySetResult(run.Exception!.InnerException ?? run.Exception), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private CorrespondenceDesk StartCorrespondence(
        string dataFolder, ServerOptions options, HouseKitchen kitchen, CopySigner signer, SigningKeys keys, OperatorTrust trust, Instruments instruments, ILoggerFactory logs, TimeProvider time)
    {
        var outgoing = _outgoing = new OutgoingMail(Store, _templates = TemplateFiles.Read(dataFolder).With((scope, language, name) => Store.FindTemplate(scope, language, name)?.Source), options, time);
        _signIns = new SignInLetters(Store, keys, outgoing, () => PublicAddress(options), logs.CreateLogger<SignInLetters>());
        Run(new DigestRounds(Store, keys, kitchen, _templates, options, time, logs.CreateLogger<DigestRounds>()).RunAsync);
        var answers = new AnswerLimits(time);
        var authors = new AuthorNotices(Store, keys, outgoing, answers, trust, logs.CreateLogger<AuthorNotices>());
        _parts.Push(new Disposal(authors));
        Run(authors.RunAsync);

        var owners = new Owners(Store, options.Postmaster);
        var news = new OwnerNews(Store, owners, keys, outgoing, time, logs.CreateLogger<OwnerNews>());
        Run(news.RunAsync);
        var held = new HoldNotices(Store, owners, keys, outgoing, options, time, logs.CreateLogger<HoldNotices>());
        Run(held.RunAsync);
        Run(new HeldExpiry(Store, Desk.For("nobody in time"), time, logs.CreateLogger<HeldExpiry>()).RunAsync);
        Run(new OwedNotices(Store, owners, keys, outgoing, new Choices(options.Web.BaseUrl, "j", time), time, logs.CreateLogger<OwedNotices>()).RunAsync);
        Run(new ProbeRounds(Store, keys, outgoing, time, logs.CreateLogger<ProbeRounds>()).RunAsync);
        var stopped = new StoppedAnnouncements(Store, Desk, news, time, logs.CreateLogger<StoppedAnnouncements>());
        Run(stopped.RunAsync);
        var reports = new ReportDesk(Store, trust, time, logs.CreateLogger<ReportDesk>());
        _parts.Push(new Disposal(reports));
        return new CorrespondenceDesk(
            new CommandDesk(Store, Desk, keys, outgoing, answers, trust, time),
            new ForwardingDesk(Store, owners, keys, kitchen, signer, outgoing, trust, options, time),
            new ReturnDesk(Store, new ComplaintDesk(Store, keys, outgoing, answers, instruments, time), time),
            reports);
    }

    private sealed class Disposal(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
