using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;

namespace ListServer.Admin.Tests.Membership;

/// <summary>How somebody becomes a member (issue 5, item 1; AUTH-83, AUTH-95, AUTH-97).</summary>
public sealed class SubscriptionPolicyTests : AdminStage
{
    private static readonly Asker Proven = new("192.0.2.1", IsAuthenticated: true, "by mail from [192.0.2.1]");
    private static readonly Asker Claimed = Proven with { IsAuthenticated = false };

    [Fact]
    public async Task A_list_asks_for_a_confirmation_by_default()
    {
        (await RefusedAsync(new JoinNow(List, Bob, Proven))).Kind.ShouldBe(Refusal.Conflict);
        Store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task On_an_open_list_who_certainly_asked_is_a_member_at_once_and_nobody_else()
    {
        await SetAsync(SubscriptionPolicy.Open);
        (await RefusedAsync(new JoinNow(List, Bob, Claimed))).Kind.ShouldBe(Refusal.Conflict);
        (await DoneAsync(new JoinNow(List, Bob, Proven))).ShouldBe(JoinState.Joined);
        (await DoneAsync(new JoinNow(List, Bob, Proven))).ShouldBe(JoinState.WasMember);
        Store.FindMember(List, Bob)!.Source.ShouldBe("asked for by mail from [192.0.2.1]");
    }

    [Fact]
    public async Task AUTH_97_an_attacker_s_own_domain_joins_ten_addresses_a_day()
    {
        await SetAsync(SubscriptionPolicy.Open);
        for (var i = 0; i < 10; i++)
        {
            await DoneAsync(new JoinNow(List, $"a{i}@evil.example", Proven));
        }

        (await RefusedAsync(new JoinNow(List, "a10@evil.example", Proven))).Kind.ShouldBe(Refusal.TryLater);
    }

    [Fact]
    public async Task On_a_moderated_list_a_request_waits_survives_a_restart_and_is_told_of_once()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        (await DoneAsync(new JoinNow(List, Bob, Proven))).ShouldBe(JoinState.Waits);
        (await DoneAsync(new JoinNow(List, "BOB@example.org", Proven))).ShouldBe(JoinState.Waits);
        await ReopenAsync();

        Store.FindMember(List, Bob).ShouldBeNull();
        (await DoneAsync(new BrowseJoinRequests(List))).ShouldBe([new JoinRequest(List, Bob, Start, "asked for by mail from [192.0.2.1]", "")]);
        Store.OwedNotices().Select(n => (n.Kind, n.To, n.About)).ShouldBe([(NoticeKind.JoinWaits, Bob, ""), (NoticeKind.JoinRequested, "", Bob)], ignoreOrder: true);
    }

    [Fact]
    public async Task Confirm_then_moderate_asks_the_address_first_and_the_consent_is_kept()
    {
        await SetAsync(SubscriptionPolicy.ConfirmThenModerate);
        var question = await DoneAsync(new RequestJoin(List, Bob, Claimed));
        Store.JoinRequests(List).ShouldBeEmpty();

        (await DoneAsync(new ConfirmByToken(question.Token, "by mail from [192.0.2.2]"))).ShouldSatisfyAllConditions(c => c.IsWaiting.ShouldBeTrue(), c => c.IsChanged.ShouldBeTrue());
        Store.FindMember(List, Bob).ShouldBeNull();
        Time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new DecideJoin(List, "bob@EXAMPLE.org", JoinVerdict.Accept));

        Store.FindMember(List, Bob)!.ShouldSatisfyAllConditions(
            m => m.Source.ShouldBe("double opt-in; asked for by mail from [192.0.2.1]; confirmed by mail from [192.0.2.2]; accepted by ken"),
            m => m.JoinedAt.ShouldBe(Start.AddDays(1)));
        Store.JoinRequests(List).ShouldBeEmpty();
        Store.OwedNotices()[^1].ShouldSatisfyAllConditions(n => n.Kind.ShouldBe(NoticeKind.Welcome), n => n.To.ShouldBe(Bob));
        (await RefusedAsync(new DecideJoin(List, Bob, JoinVerdict.Refuse))).Kind.ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task Who_is_refused_is_told_why_and_may_ask_again()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        await DoneAsync(new JoinNow(List, Bob, Proven));
        Time.Advance(TimeSpan.FromMinutes(1));
        await DoneAsync(new DecideJoin(List, Bob, JoinVerdict.Refuse, " Staff only. "));

        Store.FindMember(List, Bob).ShouldBeNull();
        Store.OwedNotices()[^1].ShouldSatisfyAllConditions(n => n.Kind.ShouldBe(NoticeKind.JoinRefused), n => n.Reason.ShouldBe("Staff only."));
        (await DoneAsync(new JoinNow(List, Bob, Proven))).ShouldBe(JoinState.Waits);
    }

    [Fact]
    public async Task A_closed_list_asks_nobody_and_a_question_of_before_does_not_open_it()
    {
        var before = await DoneAsync(new RequestJoin(List, Bob, Claimed));
        await SetAsync(SubscriptionPolicy.Closed);
        (await RefusedAsync(new RequestJoin(List, Bob, Proven))).ShouldSatisfyAllConditions(
            r => r.Kind.ShouldBe(Refusal.NotAllowed), r => r.Message.ShouldContain("by invitation only"));
        (await RefusedAsync(new ConfirmByToken(before.Token, "by mail"))).Kind.ShouldBe(Refusal.NotAllowed);
        Store.FindMember(List, Bob).ShouldBeNull();
    }

    [Fact]
    public async Task Invitations_are_owed_to_all_but_members_and_those_written_to_enough()
    {
        await SetAsync(SubscriptionPolicy.Closed);
        await DoneAsync(new AddMember(List, Bob));
        (await RefusedAsync(new InviteMembers(List, ["mia@example.org", "not an address"]))).Message.ShouldContain("has no @");
        (await RefusedAsync(new InviteMembers(List, []))).Kind.ShouldBe(Refusal.Invalid);
        Store.OwedNotices().ShouldBeEmpty();

        await DoneAsync(new InviteMembers(List, ["mia@example.org"]));
        await DoneAsync(new InviteMembers(List, ["mia+x@example.org"]));
        Time.Advance(TimeSpan.FromMinutes(1));
        var report = await DoneAsync(new InviteMembers(List, ["MIA@example.org", Bob, "noa@example.org", "noa@example.org"], "Join us"));

        report.Invited.ShouldBe(["noa@example.org"]);
        report.AlreadyMembers.ShouldBe([Bob]);
        report.AskedEnough.ShouldBe(["MIA@example.org"]);
        Store.OwedNotices()[^1].ShouldSatisfyAllConditions(n => n.Kind.ShouldBe(NoticeKind.Invite), n => n.Reason.ShouldBe("Join us"), n => n.Question!.TokenHash.ShouldBe(""));
    }

    [Fact]
    public async Task Unknown_lists_and_bad_addresses_are_refused_in_words()
    {
        (await RefusedAsync(new JoinNow("none@lists.example", Bob, Proven))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new JoinNow(List, "bob", Proven))).Kind.ShouldBe(Refusal.Invalid);
        (await RefusedAsync(new BrowseJoinRequests("none@lists.example"))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new DecideJoin("none@lists.example", Bob, JoinVerdict.Accept))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new InviteMembers("none@lists.example", [Bob]))).Kind.ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task A_list_that_is_removed_takes_its_requests_along()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        await DoneAsync(new JoinNow(List, Bob, Proven));
        await DoneAsync(new RemoveList(List));
        Store.JoinRequests(null).ShouldBeEmpty();
    }

    private async Task SetAsync(SubscriptionPolicy policy) => await DoneAsync(new ChangeList(List, new ListSettings { Subscription = policy }));
}
