using ListServer.Admin.Announcements;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Admin.Tests;

/// <summary>Use cases that change state take turns, but nobody waits for DNS.</summary>
public sealed class LocalDeskTests : IAsyncLifetime
{
    private const string List = "news@lists.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("admin-test-").FullName;
    private readonly TaskCompletionSource<Verified> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ListStore _store = null!;
    private LocalDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = ListStore.Open(new StoreOptions(_folder), TimeProvider.System, NullLogger<ListStore>.Instance);
        _desk = new LocalDesk(new AdminContext(_store, TimeProvider.System, "ken") { VerifyLocal = (_, _, _) => _answer.Task });
        await _store.CommitAsync(
            [
                new DomainSaved(new MailDomain("lists.example")),
                new ListSaved(new MailingList { LocalPart = "news", Domain = "lists.example", DisplayName = "News" }),
            ],
            Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task While_an_announcement_waits_for_answers_from_DNS_others_have_their_turn()
    {
        var message = "From: a@lists.example\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\nMessage-ID: <1@lists.example>\r\n\r\nHello\r\n"u8.ToArray();
        var sending = _desk.RunAsync(new SendAnnouncement(List, message, new SendingPlan()), Cancel);

        (await _desk.RunAsync(new CreateList("talk@lists.example"), Cancel)).ShouldBeOfType<Outcome<MailingList>.Done>();
        sending.IsCompleted.ShouldBeFalse();

        _answer.SetCanceled(Cancel);
        await Should.ThrowAsync<OperationCanceledException>(sending);
        (await _desk.RunAsync(new CreateList("more@lists.example"), Cancel)).ShouldBeOfType<Outcome<MailingList>.Done>();
    }
}
