using ListServer.Admin.Lists;
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
        asked.Text.ShouldContain($"listserver member accept {List} {Bob}");

        await DoneAsync(new DecideJoin(List, Bob, IsAccepted: true));
        (await MailAsync("Welcome to News")).Recipients.ShouldBe([Bob]);
        Store.OwedNotices().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_tells_the_reason_in_the_list_s_language()
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Subscription = SubscriptionPolicy.Moderate, Language = "ja" }));
        await SendAsync(Ann, "news-join@lists.example");
        await DoneAsync(new DecideJoin(List, Ann, IsAccepted: false, "社員のみのリストです。"));

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

    private async Task SetAsync(SubscriptionPolicy policy) => await DoneAsync(new ChangeList(List, new ListSettings { Subscription = policy }));

    private async Task<Delivered> MailAsync(string subject)
    {
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Field("Subject") == subject));
        return Sink.Mail.Last(mail => mail.Field("Subject") == subject);
    }
}
