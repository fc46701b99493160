using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Tests.Correspondence;

/// <summary>What members set and ask by mail, through SMTP to their mailbox (issue 5, item 3; AUTH-95).</summary>
public sealed class SettingsByMailTests : ListStage
{
    private const string Ann = "ann@signed.example";
    private const string Bob = "bob@spf.example";
    private const string Request = "news-request@lists.example";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new AddMember(List, Ann));
        await DoneAsync(new AddMember(List, Bob) { DisplayName = "Bob" });
    }

    [Fact]
    public async Task A_signed_author_s_settings_act_at_once_and_are_shown()
    {
        await SendAsync(Ann, Request, "", "set news digest plain\r\nset own-copies off\r\n");

        Store.FindMember(List, Ann)!.ShouldSatisfyAllConditions(m => m.Delivery.ShouldBe(DeliveryMode.PlainDigest), m => m.OwnCopies.ShouldBeFalse());
        var answer = (await SentAsync()).ShouldHaveSingleItem();
        answer.Text.ShouldContain("You get digests of many posts, as plain text.");
        answer.Text.ShouldContain("Your own posts do not come back to you.");
    }

    [Theory]
    [InlineData(Ann, true)]
    [InlineData(Bob, false)]
    public async Task AUTH_95_without_DKIM_nothing_is_set_before_the_address_has_answered(string member, bool isForged)
    {
        await SendAsync(Write(member, "set nomail", isForged: isForged), member, Request);
        Store.FindMember(List, member)!.IsReceiving.ShouldBeTrue();
        var question = (await SentAsync()).ShouldHaveSingleItem();
        question.Recipients.ShouldBe([member]);
        question.Field("Subject").ShouldBe("Please confirm: change your settings on News?");
        question.Text.ShouldContain("    set nomail\r\n");

        (await SendAsync(member, question.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("250");
        Store.FindMember(List, member)!.IsReceiving.ShouldBeFalse();
        (await SentAsync())[^1].Text.ShouldContain("It is changed.");
    }

    [Fact]
    public async Task What_can_t_be_understood_or_lies_in_the_past_changes_nothing_and_is_told()
    {
        var before = Store.FindMember(List, Ann);
        await SendAsync(Ann, Request, "", "set nomail until 2001-01-01\r\nset frequency often\r\n");

        Store.FindMember(List, Ann).ShouldBe(before);
        (await SentAsync()).ShouldHaveSingleItem().Text.Split("We do not understand what is to be set.").Length.ShouldBe(3);
    }

    [Fact]
    public async Task Show_tells_the_address_itself_and_nobody_whom_nothing_proves()
    {
        await DoneAsync(new SetMember(List, Bob) { Delivery = DeliveryChoice.MimeDigest, AvoidsDuplicates = true });
        await SendAsync(Bob, Request, "show");
        (await SentAsync()).ShouldHaveSingleItem().Text.ShouldContain("You get digests of many posts, each whole.");

        (await SendAsync("carl@plain.example", Request, "show")).ShouldStartWith("250");
        (await SentAsync())[^1].Field("Subject").ShouldBe("How to use News by mail");
    }

    [Theory]
    [InlineData(RosterAccess.Nobody, Owner, false)]
    [InlineData(RosterAccess.Moderators, Ann, false)]
    [InlineData(RosterAccess.Members, Ann, true)]
    [InlineData(RosterAccess.Members, Bob, false)]
    [InlineData(RosterAccess.Members, "eve@signed.example", false)]
    [InlineData(RosterAccess.Anyone, "eve@signed.example", true)]
    public async Task Who_is_answered_as_the_roster_allows_and_members_prove_themselves_by_DKIM(RosterAccess roster, string author, bool isTold)
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Roster = roster }));
        await SendAsync(author == Owner ? Bob : author, Request, "who");
        var answer = (await SentAsync()).ShouldHaveSingleItem();
        answer.Text.Contains($"    {Ann}\r\n    Bob <{Bob}>\r\n    {Owner}\r\n", StringComparison.Ordinal).ShouldBe(isTold);
        answer.Text.Contains("not told to you", StringComparison.Ordinal).ShouldBe(!isTold);
    }

    [Fact]
    public async Task A_moderator_is_told_the_members_by_default()
    {
        await DoneAsync(new SetMember(List, Ann) { Role = MemberRole.Moderator });
        await SendAsync(Ann, Request, "review");
        (await SentAsync()).ShouldHaveSingleItem().Text.ShouldContain($"Bob <{Bob}>");
    }

    [Fact]
    public async Task Lists_and_which_name_what_may_be_named()
    {
        await DoneAsync(new CreateList("staff@lists.example") { Settings = new ListSettings { IsAdvertised = false } });
        await DoneAsync(new CreateList("talk@lists.example") { Settings = new ListSettings { Description = "All else" } });
        await DoneAsync(new AddMember("staff@lists.example", Ann));
        await SendAsync(Ann, Request, "", "lists\r\nwhich\r\n");

        var answer = (await SentAsync()).ShouldHaveSingleItem().Text;
        answer.ShouldContain("> lists\r\n  news@lists.example\r\n  talk@lists.example: All else\r\n");
        answer.ShouldContain($"> which\r\n  {Ann} is on these lists:\r\n    news@lists.example\r\n    staff@lists.example\r\n");
    }

    [Fact]
    public async Task A_Japanese_list_answers_in_Japanese()
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Language = "ja" }));
        await SendAsync(Ann, Request, "", "matome\r\n");
        Store.FindMember(List, Ann)!.Delivery.ShouldBe(DeliveryMode.MimeDigest);
        (await SentAsync()).ShouldHaveSingleItem().Base64Text.ShouldContain("まとめ送り (MIME 形式) でお届けしています。");
    }
}
