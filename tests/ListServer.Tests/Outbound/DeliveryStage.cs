using System.Collections.Immutable;
using System.Text;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;
using ListServer.Outbound;
using ListServer.Outbound.Tls;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Outbound;

/// <summary>A real store in a folder of its own with a delivery loop over it, whose clock the test moves.</summary>
internal sealed class DeliveryStage : IAsyncDisposable
{
    public const string Text = "From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("delivery-test-").FullName;
    private readonly OutboundOptions _options;
    private readonly ZoneFake _zone;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public DeliveryStage(OutboundOptions options, ZoneFake? zone = null)
    {
        _options = options with { HeloName = "lists.example.org" };
        _zone = zone ?? new ZoneFake();
        Store = Open();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public string SpoolFolder => Path.Combine(_folder, "spool");

    public ListStore Store { get; private set; }

    /// <summary>Makes the header blocks of personal copies.</summary>
    public Func<string, string?> PersonalHeader { get; set; } = recipient => $"X-For: {recipient}\r\n\r\n";

    /// <summary>What hosts without 8BITMIME get.</summary>
    public SevenBitCopy SevenBit { get; set; } = new(null, "there is none here");

    /// <summary>Tells the MTA-STS policy of a domain.</summary>
    public Func<string, CancellationToken, Task<StsFinding>>? FindSts { get; init; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Start()
    {
        var copies = new CopySource(Store, (group, recipient, _, _) => PersonalHeader(recipient.Address) is { } header ? new PersonalPart(group.ReversePath, Encoding.ASCII.GetBytes(header)) : null, (_, _) => Task.FromResult(SevenBit));
        var loop = new DeliveryLoop(Store, copies, _zone, _options, Clock, NullLoggerFactory.Instance, findSts: FindSts);
        _stop = new CancellationTokenSource();
        _running = Task.Run(() => loop.RunAsync(_stop.Token), CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await Store.DisposeAsync();
        Store = Open();
        Start();
    }

    /// <summary>Queues one post for these recipients, a group for each run of one domain. Answers its identifier.</summary>
    public async Task<string> QueueAsync(
        IEnumerable<string> recipients, bool isPersonal = false, string text = Text, string author = "a@example.org", SendingPlan? plan = null)
    {
        var post = NewPost(author, Clock.GetUtcNow()) with { IsAnnouncement = plan is not null };
        var copy = OrderedId.New(TimeProvider.System);
        await Store.Spool.StoreAsync(post.Id, Encoding.Latin1.GetBytes(text), Cancel);
        await Store.Spool.StoreAsync(copy, Encoding.Latin1.GetBytes(text), Cancel);
        var now = Clock.GetUtcNow();
        Change[] planned = plan is null ? [] : [new AnnouncementPlanned(new Announcement(post.Id, post.List, now, "ken", plan))];
        Change[] started = plan is null ? [] : [new AnnouncementStarted(post.Id, now)];
        await Store.CommitAsync([new PostSaved(post), .. planned], Cancel);
        ImmutableArray<QueueGroup> groups =
        [
            .. recipients.GroupBy(r => r[(r.IndexOf('@', StringComparison.Ordinal) + 1)..]).Select(g => new QueueGroup(
                OrderedId.New(TimeProvider.System), post.Id, post.List, g.Key, copy, "list-bounces@example.org",
                [.. g.Select(r => new QueueRecipient(r, isPersonal ? "personal" : null))], now, now + QueueGroup.Lifetime, plan is null ? null : SendingWave.First)),
        ];
        await Store.CommitAsync([new PostQueued(post.Id, Store.ReserveSerial(post.List, post.Id), groups), .. started], Cancel);
        return post.Id;
    }

    public Task<string> QueueAsync(params string[] recipients) => QueueAsync(recipients.AsEnumerable());

    /// <summary>Queues a message that is no post.</summary>
    public async Task<string> QueueNoticeAsync(string recipient)
    {
        var id = OrderedId.New(TimeProvider.System);
        await Store.Spool.StoreAsync(id, Encoding.Latin1.GetBytes(Text), Cancel);
        var now = Clock.GetUtcNow();
        await Store.CommitAsync(
            new MailQueued([new QueueGroup(
                OrderedId.New(TimeProvider.System), id, "list@example.org", recipient.Split('@')[1], id, "", [new QueueRecipient(recipient)], now, now + QueueGroup.Lifetime)]),
            Cancel);
        return id;
    }

    /// <summary>Waits until nothing of a post waits any more.</summary>
    public Task<PostTally> SettledAsync(string post) => TallyAsync(post, t => t.Waiting == 0);

    public async Task<PostTally> TallyAsync(string post, Predicate<PostTally> until)
    {
        await UntilAsync(() => until(Store.FindTally(post)!));
        return Store.FindTally(post)!;
    }

    /// <summary>Waits until the queue says this of a destination.</summary>
    public async Task<QueueSummary> QueueSaysAsync(string destination, Predicate<QueueSummary> what)
    {
        QueueSummary? Now() => Store.Queue.Summaries().FirstOrDefault(s => s.Destination == destination);
        await UntilAsync(() => Now() is { } summary && what(summary));
        return Now()!;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 2000 && !condition(); i++)
        {
            await Task.Delay(5, Cancel);
        }

        condition().ShouldBeTrue("it did not come true within 10 s");
    }

    public string[] Deliveries(string post) =>
        [.. Store.Trace(post).Where(e => e.Stage == TraceStage.Delivery).Select(e => $"{e.Outcome} {e.Detail}")];

    public async ValueTask DisposeAsync()
    {
        var stopped = StopAsync();
        while (!stopped.IsCompleted)
        {
            // A host that owes us the reply to a final dot is given its grace, in the clock's time.
            await Task.WhenAny(stopped, Task.Delay(50, CancellationToken.None));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await stopped;
        await Store.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ListStore Open() => ListStore.Open(new StoreOptions(_folder), Clock, NullLogger.Instance);

    /// <summary>A post that was accepted.</summary>
    internal static Post NewPost(string author, DateTimeOffset at) => new()
    {
        Id = OrderedId.New(TimeProvider.System),
        List = "list@example.org",
        ReceivedAt = at,
        Envelope = new Envelope("192.0.2.1", "mx.example.org", "a@example.org", "ESMTP"),
        Report = new AuthenticationReport(
            new AuthorResult(author, author.Split('@')[1].ToLowerInvariant(), null, null),
            new SpfResult(SpfVerdict.None, "example.org", ""),
            new SpfResult(SpfVerdict.None, "", ""),
            [],
            new ArcResult(ArcVerdict.None, 0, 0, [], false, "", ""),
            new DmarcResult(DmarcVerdict.None, "example.org", "example.org", "example.org", DmarcPolicy.None, DmarcPolicy.None, false, false, true, "")),
        AuthenticationResults = "example.org; none",
        Subject = "x",
        MessageId = $"<{Guid.NewGuid()}@example.org>",
        Size = Text.Length,
        State = PostState.Accepted,
    };
}
