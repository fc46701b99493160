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

    protected string Folder { get; } = Directory.CreateTempSubdirectory("admin-test-").FullName;

    protected FakeTimeProvider Time { get; } = new(Start);

    protected ListStore Store { get; private set; } = null!;

    protected LocalDesk Desk { get; private set; } = null!;

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
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the test's context has otherwise than this one.</summary>
    protected virtual AdminContext Equip(AdminContext context) => context;

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Open();
    }

    protected async Task<T> DoneAsync<T>(UseCase<T> useCase) => (await Desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Done>().Answer;

    protected async Task<Outcome<T>.Refused> RefusedAsync<T>(UseCase<T> useCase) => (await Desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Refused>();

    private void Open()
    {
        Store = ListStore.Open(new StoreOptions(Folder), Time, NullLogger.Instance);
        Desk = new LocalDesk(Equip(new AdminContext(Store, Time, "ken")));
    }
}
