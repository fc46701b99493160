using ListServer.Admin.Bans;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Tests.Bans;

/// <summary>Bans stop joining, whichever way (issue 5, item 1).</summary>
public sealed class BanTests : AdminStage
{
    private static readonly Asker Asker = new("192.0.2.1", IsAuthenticated: true, "by mail");

    [Fact]
    public async Task Who_is_banned_joins_by_no_way()
    {
        var (question, other) = (await DoneAsync(new RequestJoin(List, Bob, Asker)), await DoneAsync(new RequestJoin(List, "bob@example.net", Asker)));
        await DoneAsync(new AddBan("example.org", List, "Advertises."));

        (await RefusedAsync(new RequestJoin(List, "Bob+2@example.org", Asker))).ShouldSatisfyAllConditions(
            r => r.Kind.ShouldBe(Refusal.NotAllowed), r => r.Message.ShouldContain("*@example.org is banned"));
        (await RefusedAsync(new ConfirmByToken(question.Token, "by mail"))).Kind.ShouldBe(Refusal.NotAllowed);
        (await RefusedAsync(new AddMember(List, Bob))).Kind.ShouldBe(Refusal.NotAllowed);
        (await RefusedAsync(new InviteMembers(List, [Bob]))).Message.ShouldContain("is banned");
        (await RefusedAsync(new ImportMembers(List, "mia@example.net\nbob@example.org\n", "x"))).Message.ShouldContain("line 2: bob@example.org may not join");
        (await DoneAsync(new ImportMembers(List, "mia@example.net\nbob@example.org\n", "x", SkipBad: true))).Added.ShouldBe(1);
        await DoneAsync(new ChangeList(List, new ListSettings { Subscription = ListServer.Lists.SubscriptionPolicy.Open }));
        (await RefusedAsync(new JoinNow(List, Bob, Asker))).Kind.ShouldBe(Refusal.NotAllowed);

        (await DoneAsync(new ConfirmByToken(other.Token, "by mail"))).IsChanged.ShouldBeTrue();
        Store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task A_ban_on_all_lists_holds_on_each_survives_a_restart_and_is_lifted()
    {
        await DoneAsync(new AddBan("BOB@example.org"));
        await ReopenAsync();
        (await DoneAsync(new BrowseBans(List))).ShouldBe([new Ban("", Bob, Start, "ken")]);
        (await RefusedAsync(new AddMember(List, Bob))).Kind.ShouldBe(Refusal.NotAllowed);

        (await RefusedAsync(new RemoveBan(Bob, List))).Kind.ShouldBe(Refusal.NotFound);
        await DoneAsync(new RemoveBan("Bob@Example.org"));
        await DoneAsync(new AddMember(List, Bob));
    }

    [Fact]
    public async Task Nonsense_is_refused_in_words()
    {
        (await RefusedAsync(new AddBan("*@*"))).Message.ShouldContain("everybody");
        (await RefusedAsync(new AddBan(Bob, "none@lists.example"))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new BrowseBans("none@lists.example"))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new RemoveBan("*", List))).Kind.ShouldBe(Refusal.Invalid);
        await DoneAsync(new AddBan(Bob));
        (await RefusedAsync(new AddBan(Bob))).Kind.ShouldBe(Refusal.Conflict);
    }

    [Fact]
    public async Task A_list_that_is_removed_takes_its_bans_along()
    {
        await DoneAsync(new AddBan(Bob, List));
        await DoneAsync(new RemoveList(List));
        Store.Bans(List).ShouldBeEmpty();
    }
}
