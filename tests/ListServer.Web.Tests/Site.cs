using System.Net;
using System.Text.RegularExpressions;
using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Admin.Domains;
using ListServer.Admin.Jobs;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Web.Tests;

/// <summary>The pages over a real store, with two lists of two domains and somebody for each role.</summary>
internal sealed partial class Site : IAsyncDisposable
{
    public const string Talk = "talk@lists.example";
    public const string News = "news@other.example";
    public const string Admin = "admin@people.example";
    public const string DomainAdmin = "domains@people.example";
    public const string Owner = "owner@people.example";
    public const string Moderator = "moderator@people.example";
    public const string Member = "member@people.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("listserver-web-").FullName;
    private readonly List<Browser> _browsers = [];
    private WebApplication _application = null!;

    /// <summary>The clock of the site: it goes on with the machine's, from now on.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public ListStore Store { get; private set; } = null!;

    public LocalDesk Desk { get; private set; } = null!;

    /// <summary>What the server's name servers say.</summary>
    public EmptyDns Dns { get; } = new();

    /// <summary>Letters with links to sign in, in their order.</summary>
    public List<SignInLetter> Letters { get; } = [];

    public Uri Address { get; private set; } = null!;

    public JobRuns Jobs => _application.Services.GetRequiredService<JobRuns>();

    public IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> Endpoints => _application.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<Site> StartAsync(WebSettings? settings = null)
    {
        var site = new Site();
        site.Store = ListStore.Open(new StoreOptions(site._folder), site.Time, NullLogger.Instance);
        site.Desk = new LocalDesk(new AdminContext(site.Store, site.Time, "test")
        {
            HostName = "mx.lists.example",
            Dns = site.Dns,
            VerifyLocal = (message, _, _) => Task.FromResult(FoundLocally(message)),
            TryPost = (asked, list, _, _) => Task.FromResult<Outcome<PostTrial>>(Trial(asked, list, site.Store)),
            Templates = () => Shipped.Templates,
            SendSignIn = (letter, _) =>
            {
                site.Letters.Add(letter);
                return Task.CompletedTask;
            },
        });
        await site.FillAsync();
        await site.ServeAsync(settings ?? new WebSettings(IsSecure: false, []));
        return site;
    }

    /// <summary>Runs a use case that must succeed.</summary>
    public async Task<T> DoAsync<T>(UseCase<T> useCase) => await Desk.RunAsync(useCase, Cancelled) switch
    {
        Outcome<T>.Done(var answer) => answer,
        Outcome<T>.Refused(_, var message) => throw new InvalidOperationException(message),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A held post of <see cref="Talk"/>, the oldest one.</summary>
    public string HeldId { get; private set; } = "";

    /// <summary>The leave link of <see cref="Member"/>.</summary>
    public string LeavePath => "/u/" + MemberToken.Make(Store.Secret.Span, MemberToken.Leave, Talk, Member);

    /// <summary>Three posts that wait, one of them with hostile markup.</summary>
    public async Task FillPostsAsync()
    {
        foreach (var (from, subject, body) in ((string, string, string)[])
        [
            ("newperson@yahoo.test", "Question about compost", "Hi, I would like to ask about compost. Is coffee ground good for roses?\r\n<img src=x onerror=alert(1)>\r\n"),
            ("stranger@else.test", "Cheap loans!!! click " + new string('x', 90), "https://else.test/" + new string('y', 200) + "\r\n"),
            ("hanako@people.example", "春の庭仕事について、長い件名が折り返されることを確かめるための投稿です", "みなさん、こんにちは。\r\n\r\n庭の話をしましょう。\r\n"),
        ])
        {
            var id = await HoldAsync(from, subject, "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body);
            HeldId = HeldId.Length > 0 ? HeldId : id;
        }
    }

    /// <summary>A post to <see cref="Talk"/> that waits.</summary>
    /// <param name="from">Its author.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="rest">From Content-Type on.</param>
    public async Task<string> HoldAsync(string from, string subject, string rest)
    {
        var octets = System.Text.Encoding.UTF8.GetBytes($"From: {from}\r\nTo: {Talk}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n{rest.ReplaceLineEndings("\r\n")}");
        Time.Advance(TimeSpan.FromMinutes(1));
        var post = new Post
        {
            Id = OrderedId.New(Time),
            List = Talk,
            ReceivedAt = Time.GetUtcNow(),
            Envelope = new Envelope("127.0.0.1", "client.example", from, "ESMTP"),
            Report = NewReport(from),
            AuthenticationResults = "mx.lists.example; none",
            Subject = subject,
            MessageId = $"<{subject.Length}@client.example>",
            Size = octets.Length,
            State = PostState.Held,
            Reason = "the author is not a member",
        };
        await Store.Spool.StoreAsync(post.Id, octets, Cancelled);
        await Store.CommitAsync([new PostSaved(post), new TraceAdded(post.Id, [new TraceEvent(post.ReceivedAt, TraceStage.Moderation, "hold", post.Reason)])], Cancelled);
        return post.Id;
    }

    /// <summary>An announcement of <see cref="Talk"/> that waits for its time.</summary>
    public string AnnouncedId { get; private set; } = "";

    /// <summary>Somebody's announcement that waits for its time, and a draft.</summary>
    public async Task FillAnnouncementsAsync(string by)
    {
        var desk = Desk.For(by);
        (await desk.RunAsync(new SaveDraft(Talk, Talk, "Talk", "お知らせ：秋の集まり", "みなさん、集まりましょう。"), Cancelled)).ShouldBeOfType<Outcome<AnnouncementDraft>.Done>();
        AnnouncedId = ((Outcome<AnnouncementProgress>.Done)await desk.RunAsync(new SendDraft(Talk, new SendingPlan { First = 50 }, TimeSpan.FromMinutes(1)), Cancelled)).Answer.Id;
        await desk.RunAsync(new SaveDraft(Talk, Talk, "Talk", "Our autumn meeting", "Dear all,\n\nlet us meet on the third of October.\nhttps://lists.example/" + new string('x', 120)), Cancelled);
    }

    private static Verified FoundLocally(RawMessage message)
    {
        var author = PostAuthor().Match(System.Text.Encoding.UTF8.GetString(message.Octets.Span)).Groups[1].Value;
        return new Verified(new Envelope("127.0.0.1", "mx.lists.example", author, "local"), NewReport(author), "mx.lists.example; none", []);
    }

    // The host's pipeline stands in for itself in its own tests: here a copy is what came.
    private static PostTrial Trial(TryPost asked, MailingList list, ListStore store) =>
        new(list.Address, [], "mx.lists.example; none", new TrialDecision("accept", "", "250 2.0.0", []), store.Receivers(list.Address).Count, 1)
        {
            Copy = new TrialCopy(asked.Reader, list.RoleAddress("bounces"), 1, asked.Message.Length, [], [], [], "", asked.Message),
        };

    [GeneratedRegex("<([^<>]+@[^<>]+)>")]
    private static partial Regex PostAuthor();

    private static AuthenticationReport NewReport(string author) => new(
        new AuthorResult(author, author[(author.IndexOf('@', StringComparison.Ordinal) + 1)..], null, null),
        new SpfResult(SpfVerdict.None, "", "no record"),
        new SpfResult(SpfVerdict.None, "", "no record"),
        [],
        new ArcResult(ArcVerdict.None, 0, 0, [], false, "no chain", null),
        new DmarcResult(DmarcVerdict.None, "", "", "", DmarcPolicy.None, DmarcPolicy.None, false, false, false, "no record"));

    /// <summary>A browser in which nobody signed in.</summary>
    public Browser Open()
    {
        var browser = new Browser(Address);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>A browser with somebody signed in.</summary>
    public async Task<Browser> SignInAsync(string address)
    {
        var browser = Open();
        var link = await DoAsync(new MakeLink(address));
        using var opened = await browser.SubmitAsync("/in/" + link.Token);
        opened.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        await _application.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FillAsync()
    {
        await DoAsync(new AddDomain("lists.example"));
        await DoAsync(new AddDomain("other.example"));
        await DoAsync(new CreateList(Talk) { DisplayName = "Talk" });
        await DoAsync(new CreateList(News) { DisplayName = "News" });
        await DoAsync(new SaveUser(Admin) { Name = "Olive", RunsServer = true });
        await DoAsync(new SaveUser(DomainAdmin) { Domains = ["lists.example"] });
        await DoAsync(new AddMember(Talk, Owner) { Role = MemberRole.Owner });
        await DoAsync(new AddMember(Talk, Moderator) { Role = MemberRole.Moderator });
        await DoAsync(new AddMember(Talk, Member));
        await DoAsync(new AddMember(News, "else@people.example") { Role = MemberRole.Owner });
    }

    private async Task ServeAsync(WebSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new FailedTestLog(TestContext.Current.TestOutputHelper!)).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Desk);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.Services.AddWebFace(settings);
        _application = builder.Build();
        _application.MapWebFace();
        await _application.StartAsync(Cancelled);
        Address = new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Keeps cookies, follows no redirect.</summary>
    internal sealed partial class Browser : IDisposable
    {
        private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };

        public Browser(Uri address) => Client = new HttpClient(_handler) { BaseAddress = address };

        public HttpClient Client { get; }

        public CookieContainer Cookies => _handler.CookieContainer;

        public async Task<string> ReadAsync(string path)
        {
            using var answer = await Client.GetAsync(path, Cancelled);
            return await answer.Content.ReadAsStringAsync(Cancelled);
        }

        // Some answers go on for ever.
        public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancelled);

        /// <summary>Sends a form with the token that stands in it.</summary>
        /// <param name="path">Where it stands, and where it goes.</param>
        /// <param name="fields">What was filled in.</param>
        public async Task<HttpResponseMessage> SubmitAsync(string path, params (string Name, string Value)[] fields) => await SubmitAsync(path, path, fields);

        /// <summary>Sends a form with the token that stands in it.</summary>
        /// <param name="page">Where it stands.</param>
        /// <param name="path">Where it goes.</param>
        /// <param name="fields">What was filled in.</param>
        public async Task<HttpResponseMessage> SubmitAsync(string page, string path, params (string Name, string Value)[] fields) =>
            await PostAsync(path, [.. fields, ("__RequestVerificationToken", Token().Match(await ReadAsync(page)).Groups[1].Value)]);

        public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
            Client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Cancelled);

        public void Dispose()
        {
            Client.Dispose();
            _handler.Dispose();
        }

        [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
        private static partial Regex Token();
    }
}

/// <summary>A DNS in which nothing stands but what a test puts there, and some names do not answer.</summary>
internal sealed class EmptyDns : IDnsResolver
{
    /// <summary>How names begin that do not answer.</summary>
    public List<string> Failing { get; } = ["_smtp"];

    public Dictionary<(string Name, DnsRecordType Type), DnsRecord> Records { get; } = [];

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default) =>
        new(Records.TryGetValue((name, type), out var record)
            ? new DnsAnswer(DnsStatus.Success, [record], TimeSpan.FromMinutes(5))
            : DnsAnswer.Empty(Failing.Exists(start => name.StartsWith(start, StringComparison.Ordinal)) ? DnsStatus.Failure : DnsStatus.NxDomain, reason: "no answer in time"));
}

/// <summary>What the pages log as errors, beside the test that failed by it.</summary>
internal sealed class FailedTestLog(ITestOutputHelper output) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            output.WriteLine($"{formatter(state, exception)} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test has ended.
        }
    }

    public void Dispose()
    {
    }
}
