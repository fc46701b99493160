using System.Text.Json;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Admin.Tests.Membership;

/// <summary>Double opt-in: AUTH-83, AUTH-97, SEC-26, SEC-28.</summary>
public sealed class ConfirmationTests : IAsyncLifetime
{
    private const string List = "news@lists.example";
    private const string Bob = "bob@example.org";
    private static readonly Asker Stranger = new("192.0.2.1", IsAuthenticated: false, "by mail from [192.0.2.1]");

    private readonly string _folder = Directory.CreateTempSubdirectory("admin-test-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private ListStore _store = null!;
    private LocalDesk _desk = null!;

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
    public async Task Nobody_joins_without_the_answer()
    {
        var question = await AskAsync(new RequestJoin(List, "Bob@EXAMPLE.org", Stranger));

        question.Address.ShouldBe("Bob@example.org");
        _store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task The_answer_makes_a_member_with_evidence_of_consent()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));

        var confirmed = await DoneAsync(new ConfirmByToken(question.Token, "by mail from [198.51.100.7]"));

        confirmed.ShouldBe(new Confirmed(ConfirmationKind.Join, confirmed.List, Bob, IsChanged: true));
        _store.FindMember(List, Bob).ShouldBe(new Member(
            List, Bob, "", MemberRole.Member, _time.GetUtcNow(), "double opt-in; asked for by mail from [192.0.2.1]; confirmed by mail from [198.51.100.7]"));
    }

    [Fact]
    public async Task A_token_works_once()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));
        await DoneAsync(new ConfirmByToken(question.Token, ""));
        await DoneAsync(new RemoveMember(List, Bob));

        (await RefusalAsync(new ConfirmByToken(question.Token, ""))).ShouldBe(Refusal.NotFound);
        _store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_lapses_after_three_days()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));
        _time.Advance(ConfirmationToken.Lifetime);

        (await RefusalAsync(new ConfirmByToken(question.Token, ""))).ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task A_guess_changes_nothing() =>
        (await RefusalAsync(new ConfirmByToken(ConfirmationToken.New(), ""))).ShouldBe(Refusal.NotFound);

    [Fact]
    public async Task The_token_is_kept_nowhere()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));

        JsonSerializer.Serialize(_store.Confirmations()).ShouldNotContain(question.Token);
        await _store.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllBytesAsync(file, Cancel)).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(question.Token)).ShouldBe(-1);
        }
    }

    [Fact]
    public async Task The_answer_ends_a_subscription()
    {
        await DoneAsync(new AddMember(List, Bob));
        var question = await AskAsync(new RequestLeave(List, Bob, Stranger));
        _store.FindMember(List, Bob).ShouldNotBeNull();

        (await DoneAsync(new ConfirmByToken(question.Token, ""))).IsChanged.ShouldBeTrue();

        _store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task Members_and_strangers_are_asked_alike()
    {
        await DoneAsync(new AddMember(List, Bob));

        (await AskAsync(new RequestJoin(List, Bob, Stranger))).Kind.ShouldBe(ConfirmationKind.Join);
        (await AskAsync(new RequestLeave(List, "eve@example.org", Stranger))).Kind.ShouldBe(ConfirmationKind.Leave);
    }

    [Fact]
    public async Task Joining_twice_leaves_the_subscription_as_it_was()
    {
        await DoneAsync(new AddMember(List, Bob) { Role = MemberRole.Owner });
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));

        (await DoneAsync(new ConfirmByToken(question.Token, ""))).IsChanged.ShouldBeFalse();

        _store.FindMember(List, Bob)!.Role.ShouldBe(MemberRole.Owner);
    }

    [Fact]
    public async Task The_third_question_of_a_day_is_not_asked_even_after_a_restart()
    {
        await AskAsync(new RequestJoin(List, Bob, Stranger));
        await AskAsync(new RequestLeave(List, "bob+x@example.org", Stranger));
        (await RefusalAsync(new RequestJoin(List, Bob, Stranger))).ShouldBe(Refusal.TryLater);
        await _store.DisposeAsync();
        Open();

        (await RefusalAsync(new RequestJoin(List, Bob, Stranger))).ShouldBe(Refusal.TryLater);
        _store.Confirmations().Count.ShouldBe(2);
        _time.Advance(ConfirmationLimits.Span);
        await AskAsync(new RequestJoin(List, Bob, Stranger));
    }

    [Fact]
    public async Task What_names_no_list_or_no_address_is_refused()
    {
        (await RefusalAsync(new RequestJoin("other@lists.example", Bob, Stranger))).ShouldBe(Refusal.NotFound);
        (await RefusalAsync(new RequestJoin(List, "bob@", Stranger))).ShouldBe(Refusal.Invalid);
        _store.Confirmations().ShouldBeEmpty();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private void Open()
    {
        _store = ListStore.Open(new StoreOptions(_folder), _time, NullLogger.Instance);
        _desk = new LocalDesk(new AdminContext(_store, _time, "test"));
    }

    private Task<Question> AskAsync(UseCase<Question> useCase) => DoneAsync(useCase);

    private async Task<T> DoneAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Done>().Answer;

    private async Task<Refusal> RefusalAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Refused>().Kind;
}
