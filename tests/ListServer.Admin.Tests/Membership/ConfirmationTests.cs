using System.Text.Json;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;

namespace ListServer.Admin.Tests.Membership;

/// <summary>Double opt-in: AUTH-83, AUTH-97, SEC-26, SEC-28.</summary>
public sealed class ConfirmationTests : AdminStage
{
    private static readonly Asker Stranger = new("192.0.2.1", IsAuthenticated: false, "by mail from [192.0.2.1]");

    [Fact]
    public async Task Nobody_joins_without_the_answer()
    {
        var question = await AskAsync(new RequestJoin(List, "Bob@EXAMPLE.org", Stranger));

        question.Address.ShouldBe("Bob@example.org");
        Store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task The_answer_makes_a_member_with_evidence_of_consent()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));

        var confirmed = await DoneAsync(new ConfirmByToken(question.Token, "by mail from [198.51.100.7]"));

        confirmed.ShouldBe(new Confirmed(ConfirmationKind.Join, confirmed.List, Bob, IsChanged: true));
        Store.FindMember(List, Bob).ShouldBe(new Member(
            List, Bob, "", MemberRole.Member, Time.GetUtcNow(), "double opt-in; asked for by mail from [192.0.2.1]; confirmed by mail from [198.51.100.7]"));
    }

    [Fact]
    public async Task A_token_works_once()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));
        await DoneAsync(new ConfirmByToken(question.Token, ""));
        await DoneAsync(new RemoveMember(List, Bob));

        (await RefusalAsync(new ConfirmByToken(question.Token, ""))).ShouldBe(Refusal.NotFound);
        Store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_lapses_after_three_days()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));
        Time.Advance(ConfirmationToken.Lifetime);

        (await RefusalAsync(new ConfirmByToken(question.Token, ""))).ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task A_guess_changes_nothing() =>
        (await RefusalAsync(new ConfirmByToken(ConfirmationToken.New(), ""))).ShouldBe(Refusal.NotFound);

    [Fact]
    public async Task The_token_is_kept_nowhere()
    {
        var question = await AskAsync(new RequestJoin(List, Bob, Stranger));

        JsonSerializer.Serialize(Store.Confirmations()).ShouldNotContain(question.Token);
        await Store.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllBytesAsync(file, Cancel)).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(question.Token)).ShouldBe(-1);
        }
    }

    [Fact]
    public async Task The_answer_ends_a_subscription()
    {
        await DoneAsync(new AddMember(List, Bob));
        var question = await AskAsync(new RequestLeave(List, Bob, Stranger));
        Store.FindMember(List, Bob).ShouldNotBeNull();

        (await DoneAsync(new ConfirmByToken(question.Token, ""))).IsChanged.ShouldBeTrue();

        Store.FindMember(List, Bob).ShouldBeNull();
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

        Store.FindMember(List, Bob)!.Role.ShouldBe(MemberRole.Owner);
    }

    [Fact]
    public async Task The_third_question_of_a_day_is_not_asked_even_after_a_restart()
    {
        await AskAsync(new RequestJoin(List, Bob, Stranger));
        await AskAsync(new RequestLeave(List, "bob+x@example.org", Stranger));
        (await RefusalAsync(new RequestJoin(List, Bob, Stranger))).ShouldBe(Refusal.TryLater);
        await ReopenAsync();

        (await RefusalAsync(new RequestJoin(List, Bob, Stranger))).ShouldBe(Refusal.TryLater);
        Store.Confirmations().Count.ShouldBe(2);
        Time.Advance(ConfirmationLimits.Span);
        await AskAsync(new RequestJoin(List, Bob, Stranger));
    }

    [Fact]
    public async Task What_names_no_list_or_no_address_is_refused()
    {
        (await RefusalAsync(new RequestJoin("other@lists.example", Bob, Stranger))).ShouldBe(Refusal.NotFound);
        (await RefusalAsync(new RequestJoin(List, "bob@", Stranger))).ShouldBe(Refusal.Invalid);
        Store.Confirmations().ShouldBeEmpty();
    }

    private Task<Question> AskAsync(UseCase<Question> useCase) => DoneAsync(useCase);

    private async Task<Refusal> RefusalAsync<T>(UseCase<T> useCase) => (await Desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Refused>().Kind;
}
