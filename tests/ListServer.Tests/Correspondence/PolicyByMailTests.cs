using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;

namespace ListServer.Tests.Correspondence;

/// <summary>Joining by mail under each policy, and invitations, through SMTP to the mailbox (issue 5, item 1; AUTH-83, AUTH-95).</summary>
public sealed class PolicyByMailTests : ListStage
{
    private const string Ann = "ann@signed.example";
    private const string Bob = "bob@plain.example";

    [Fact]
    public async Task An_open_list_takes_a_signed_author_at_once_and_asks_all_others()
    {
        await SetAsync(SubscriptionPolicy.Open);
        (await SendAsync(Ann, "news-join@lists.example")).ShouldStartWith("250");
        Store.FindMember(List, Ann).ShouldNotBeNull();
        (await SentAsync()).ShouldHaveSingleItem().Field("Subject").ShouldBe("Welcome to News");

        await SendAsync(Bob, "news-join@lists.example");
        Store.FindMember(List, Bob).ShouldBeNull();
        (await SentAsync())[^1].Field("Subject").ShouldBe("Please confirm: join News?");
    }

    [Fact]
    public async Task A_request_on_a_moderated_list_is_told_to_both_sides_and_so_is_the_decision()
    {
        await SetAsync(SubscriptionPolicy.ConfirmThenModerate);
        await SendAsync(Bob, "news-join@lists.example");
        var question = (await SentAsync()).ShouldHaveSingleItem();
        (await SendAsync(Bob, question.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("250");
        Store.FindMember(List, Bob).ShouldBeNull();

        var waits = await MailAsync("Your request to join News waits for approval");
        waits.ShouldSatisfyAllConditions(
            mail => mail.Recipients.ShouldBe([Bob]), mail => mail.ReversePath.ShouldBe(""), mail => mail.Field("Auto-Submitted").ShouldBe("auto-generated"));
        var asked = await MailAsync($"News: {Bob} wants to join");
        asked.Recipients.ShouldBe([Owner]);
        asked.Text.ShouldContain($"listserver member requests {List}");

        // AUTH-95: the token was sent to the owner, and whoever brings it needs no other authority.
        (await SendAsync(Owner, asked.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("250");
        (await MailAsync("Welcome to News")).Recipients.ShouldBe([Bob]);
        Store.FindMember(List, Bob)!.Source.ShouldContain($"; accepted by {Owner} by mail on ");
        Store.OwedNotices().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_second_decision_about_a_request_is_told_so_and_does_nothing()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        await SendAsync(Ann, "news-join@lists.example");
        var asked = await MailAsync($"News: {Ann} wants to join");
        var (refuse, ban) = (Choice(asked, "write to\r\n"), Choice(asked, "without a word, to\r\n"));

        (await SendAsync(Owner, refuse)).ShouldStartWith("250");
        (await MailAsync("Your request to join News was declined")).Recipients.ShouldBe([Ann]);
        foreach (var late in new[] { ban, refuse, asked.Field("Reply-To").Trim('<', '>') })
        {
            (await SendAsync("ann@spf.example", late)).ShouldStartWith("250");
        }

        await UntilAsync(() => Sink.Mail.Count(mail => mail.Text.Contains("Somebody has decided about this request already", StringComparison.Ordinal)) == 3);
        (Store.FindMember(List, Ann), Store.Bans(List).Any()).ShouldBe((null, false));

        // Who asks again is another request: the old answers don't count for it.
        await SendAsync(Ann, "news-join@lists.example");
        await UntilAsync(() => Sink.Mail.Count(mail => mail.Field("Subject") == $"News: {Ann} wants to join") == 2);
        await SendAsync("ann@spf.example", ban);
        Store.JoinRequests(List).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_is_banned_by_the_notice_is_not_told_and_can_not_ask_again()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        await SendAsync(Ann, "news-join@lists.example");
        var asked = await MailAsync($"News: {Ann} wants to join");
        (await SendAsync(Owner, Choice(asked, "without a word, to\r\n"))).ShouldStartWith("250");

        Store.Bans(List).ShouldHaveSingleItem().ShouldSatisfyAllConditions(b => b.Pattern.ShouldBe(Ann), b => b.SetBy.ShouldStartWith($"{Owner} by mail"));
        Store.JoinRequests(List).ShouldBeEmpty();
        await SendAsync(Ann, "news-join@lists.example");
        Store.JoinRequests(List).ShouldBeEmpty();
        (await SentAsync()).Count(mail => mail.Recipients.Contains(Ann) && mail.Field("Subject").Contains("declined", StringComparison.Ordinal)).ShouldBe(0);
    }

    [Fact]
    public async Task A_token_of_somebody_who_no_longer_runs_the_list_decides_nothing()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        await SendAsync(Ann, "news-join@lists.example");
        var asked = await MailAsync($"News: {Ann} wants to join");
        await DoneAsync(new RemoveMember(List, Owner));

        (await SendAsync(Owner, asked.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("550 5.7.1");
        Store.FindMember(List, Ann).ShouldBeNull();
    }

    [Fact]
    public async Task A_refusal_tells_the_reason_in_the_list_s_language()
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Subscription = SubscriptionPolicy.Moderate, Language = "ja" }));
        await SendAsync(Ann, "news-join@lists.example");
        await DoneAsync(new DecideJoin(List, Ann, JoinVerdict.Refuse, "社員のみのリストです。"));

        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains(Ann) && mail.Base64Text.Contains("社員のみのリストです。", StringComparison.Ordinal)));
        Store.FindMember(List, Ann).ShouldBeNull();
    }

    [Fact]
    public async Task A_closed_list_tells_who_asks_and_an_invitation_opens_it()
    {
        await SetAsync(SubscriptionPolicy.Closed);
        await SendAsync(Ann, "news-request@lists.example", "subscribe");
        (await SentAsync()).ShouldHaveSingleItem().Text.ShouldContain("by invitation only");
        Store.Confirmations().ShouldBeEmpty();

        await DoneAsync(new InviteMembers(List, [Bob], "We would like to read you."));
        var invitation = await MailAsync("You are invited to join News");
        invitation.Text.ShouldContain("We would like to read you.");
        (await SendAsync(Bob, invitation.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("250");

        Store.FindMember(List, Bob).ShouldNotBeNull().ShouldSatisfyAllConditions(
            m => m.Source.ShouldContain("asked for by an invitation of"), m => m.Wording.ShouldContain("We would like to read you."), m => m.Wording.ShouldContain("confirm …"));
    }

    [Fact]
    public async Task A_notice_that_was_owed_when_the_server_stopped_is_sent_once_when_it_starts()
    {
        await SetAsync(SubscriptionPolicy.Moderate);
        await SendAsync(Ann, "news-join@lists.example");
        await MailAsync("Your request to join News waits for approval");
        await MailAsync($"News: {Ann} wants to join");
        await RestartAsync();
        await UntilAsync(() => Store.Queue.Count == 0 && Store.OwedNotices().Count == 0);
        Sink.Mail.Count.ShouldBe(2);
    }

    private static string Choice(Delivered mail, string before) => mail.Text.Split(before)[1].Split("\r\n")[0];

    private async Task SetAsync(SubscriptionPolicy policy) => await DoneAsync(new ChangeList(List, new ListSettings { Subscription = policy }));

    private async Task<Delivered> MailAsync(string subject)
    {
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Field("Subject") == subject));
        return Sink.Mail.Last(mail => mail.Field("Subject") == subject);
    }
}
