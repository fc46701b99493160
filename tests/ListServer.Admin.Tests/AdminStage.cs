using ListServer.Lists;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Admin.Tests;

/// <summary>A store with the list news@lists.example, its clock, and ken's desk.</summary>
public abstract class AdminStage : IAsyncLifetime
{
    protected const string List = "news@lists.example";
    protected const string Bob = "bob@example.org";
    protected static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("admin-test-").FullName;
    private LocalDesk _desk = null!;

    protected FakeTimeProvider Time { get; } = new(Start);

    protected ListStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Open();
        await Store.CommitAsync(
            [
                new DomainSaved(new MailDomain("lists.example")),
                new ListSaved(new MailingList { LocalPart = "news", Domain = "lists.example", DisplayName = "News" }),
            ],
            Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Open();
    }

    protected async Task<T> DoneAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Done>().Answer;

    protected async Task<Outcome<T>.Refused> RefusedAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Refused>();

    private void Open()
    {
        Store = ListStore.Open(new StoreOptions(_folder), Time, NullLogger.Instance);
        _desk = new LocalDesk(new AdminContext(Store, Time, "ken"));
    }
}
