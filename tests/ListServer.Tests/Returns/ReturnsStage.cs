using System.Collections.Immutable;
using System.Text;
using ListServer.Configuration;
using ListServer.Correspondence;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.MailAuth.Dkim;
using ListServer.Returns;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Keys;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Returns;

/// <summary>A mail that waits in the queue.</summary>
internal sealed record Queued(string ReversePath, ImmutableArray<string> Recipients, string CopyId, string Text);

/// <summary>A store with the list news@lists.example, owned by olga@office.example, and what writes notices for it; the test moves the clock.</summary>
internal sealed class ReturnsStage : IAsyncDisposable
{
    public const string List = "news@lists.example";
    public const string Owner = "olga@office.example";

    private static readonly SigningKey Key = SigningKey.GenerateRsa();
    private readonly string _folder = Directory.CreateTempSubdirectory("returns-test-").FullName;
    private readonly HashSet<string> _seen = [];
    private readonly Owners _owners;
    private HoldNotices? _holdNotices;

    private ReturnsStage(ServerOptions options)
    {
        Store = ListStore.Open(new StoreOptions(_folder), Clock, NullLogger.Instance);
        _owners = new Owners(Store, options.Postmaster);
        Keys = new SigningKeys(Store);
        Options = options;
        Outgoing = new OutgoingMail(Store, TemplateFiles.Read(_folder), options, Clock);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public ListStore Store { get; }

    public SigningKeys Keys { get; }

    public ServerOptions Options { get; }

    public OutgoingMail Outgoing { get; }

    /// <summary>Looks at what the owners should know, as a running server does each minute.</summary>
    public Task TellOwnersAsync() => new OwnerNews(Store, _owners, Keys, Outgoing, Clock, NullLogger<OwnerNews>.Instance).TellAllAsync(Cancel);

    /// <summary>What tells those who run lists of held posts; the test lets it look.</summary>
    public HoldNotices HoldNotices => _holdNotices ??= new HoldNotices(Store, _owners, Keys, Outgoing, Options, Clock, NullLogger<HoldNotices>.Instance);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ReturnsStage> StartAsync(string postmaster = "", string language = "en")
    {
        var stage = new ReturnsStage(new ServerOptions { HostName = "mx.lists.example", Postmaster = postmaster, Web = new WebOptions { BaseUrl = "https://lists.example" } });
        stage.Store.Keys.TryAdd(new StoredKey("lists.example", "k1", Key.ToPem())).ShouldBeTrue();
        await stage.Store.CommitAsync(
            [
                new DomainSaved(new MailDomain("lists.example", "k1")),
                new ListSaved(new MailingList { LocalPart = "news", Domain = "lists.example", DisplayName = "News", Language = language }),
                new MembersSaved(List, [stage.Member(Owner) with { Role = MemberRole.Owner, IsReceiving = false }]),
            ],
            Cancel);
        return stage;
    }

    public Member Member(string address) => new(List, address, "", MemberRole.Member, Clock.GetUtcNow(), "test");

    public Task CommitAsync(params Change[] changes) => Store.CommitAsync(changes, Cancel);

    /// <summary>Looks after suspended members, as a running server does each hour.</summary>
    public Task ProbeAsync() => new ProbeRounds(Store, Keys, Outgoing, Clock, NullLogger<ProbeRounds>.Instance).GoAsync(Cancel);

    /// <summary>What was queued since the last time.</summary>
    public IReadOnlyList<Queued> NewMail()
    {
        List<Queued> mail = [];
        List<GroupLease> leases = [];
        while (Store.Queue.TakeDue(1, _ => true) is [var lease])
        {
            leases.Add(lease);
            if (_seen.Add(lease.Group.Id))
            {
                using var content = Store.Spool.Open(lease.Group.CopyId);
                mail.Add(new Queued(
                    lease.Group.ReversePath, [.. lease.Group.Recipients.Select(r => r.Address)], lease.Group.CopyId, Encoding.UTF8.GetString(content.Octets.Span)));
            }
        }

        leases.ForEach(lease => lease.Dispose());
        return mail;
    }

    public async ValueTask DisposeAsync()
    {
        Keys.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
