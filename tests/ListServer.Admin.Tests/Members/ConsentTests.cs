using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Admin.Tests.Members;

/// <summary>AUTH-82, AUTH-83: when, from where and to which words somebody consented is known, though they may have left.</summary>
public sealed class ConsentTests : IAsyncLifetime
{
    private const string List = "news@lists.example";
    private const string Bob = "bob@example.org";
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("admin-test-").FullName;
    private readonly FakeTimeProvider _time = new(Start);
    private ListStore _store = null!;
    private LocalDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Open();
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
    public async Task Each_consent_of_an_address_is_kept_with_how_it_ended_the_newest_first()
    {
        await DoneAsync(new ImportMembers(List, "bob@example.org\n", "fair.csv", Wording: "I want the monthly news."));
        _time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new RemoveMember(List, Bob, "by mail from [192.0.2.1]"));
        _time.Advance(TimeSpan.FromDays(1));
        var asker = new Asker("192.0.2.1", IsAuthenticated: true, "by mail from [192.0.2.1]");
        await DoneAsync(new ConfirmByToken((await DoneAsync(new RequestJoin(List, Bob, asker))).Token, "by mail from [192.0.2.2]"));
        _time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new LeaveByToken(MemberToken.Make(_store.Secret.Span, MemberToken.Leave, List, Bob)));
        _time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new AddMember(List, Bob) { Wording = "Signed on paper." });
        await _store.DisposeAsync();
        Open();

        (await DoneAsync(new BrowseConsents(List, "BOB@example.org"))).ShouldBe(
        [
            new Consent(List, Bob, Start.AddDays(4), "added by ken", "Signed on paper."),
            new Consent(
                List, Bob, Start.AddDays(2), "double opt-in; asked for by mail from [192.0.2.1]; confirmed by mail from [192.0.2.2]",
                "Do you, bob@example.org, want News?", Start.AddDays(3), "left by the link in a copy"),
            new Consent(List, Bob, Start, "imported from fair.csv by ken", "I want the monthly news.", Start.AddDays(1), "left by mail from [192.0.2.1]"),
        ]);
    }

    [Fact]
    public async Task Who_never_consented_is_not_found()
    {
        (await _desk.RunAsync(new BrowseConsents(List, Bob), Cancel)).ShouldBeOfType<Outcome<IReadOnlyList<Consent>>.Refused>().Kind.ShouldBe(Refusal.NotFound);
        await DoneAsync(new AddMember(List, "bob@example.org.uk"));
        (await _desk.RunAsync(new BrowseConsents(List, Bob), Cancel)).ShouldBeOfType<Outcome<IReadOnlyList<Consent>>.Refused>();
    }

    [Fact]
    public async Task A_change_by_the_operator_leaves_the_wording_as_it_is()
    {
        await DoneAsync(new AddMember(List, Bob) { Wording = "Signed on paper." });
        await DoneAsync(new AddMember(List, Bob) { Role = MemberRole.Owner, Wording = "Something else." });
        _store.FindMember(List, Bob)!.Wording.ShouldBe("Signed on paper.");
    }

    private void Open()
    {
        _store = ListStore.Open(new StoreOptions(_folder), _time, NullLogger.Instance);
        _desk = new LocalDesk(new AdminContext(_store, _time, "ken") { JoinWording = (list, address) => $"Do you, {address}, want {list.DisplayName}?" });
    }

    private async Task<T> DoneAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Done>().Answer;
}
