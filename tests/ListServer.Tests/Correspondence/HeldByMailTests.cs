using ListServer.Admin.Authors;
using ListServer.Admin.Held;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Moderation;

namespace ListServer.Tests.Correspondence;

/// <summary>Held posts decided by mail: AUTH-56, AUTH-95, LIST-pain-18, LIST-pain-23.</summary>
public sealed class HeldByMailTests : ListStage
{
    private const string Ann = "ann@signed.example";
    private const string Subject = "News post from ann@signed.example requires approval";

    [Fact]
    public async Task A_reply_to_the_notice_lets_the_post_go_to_the_list_whoever_says_so_in_From()
    {
        await DoneAsync(new AddMember(List, "mia@office.example"));
        var post = await HoldAsync();
        var notice = await NoticeAsync();
        notice.Recipients.ShouldBe([Owner]);
        notice.Text.ShouldContain("The message is not from a list member");
        notice.Text.ShouldContain("  > At one?\r\n");

        (await SendAsync("olga@plain.example", notice.Field("Reply-To").Trim('<', '>'), "Re: " + Subject)).ShouldStartWith("250");

        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains("mia@office.example") && mail.Field("Subject") == "Lunch"));
        Store.FindPost(post.Id)!.ApprovedBy.ShouldNotBeNull().ShouldStartWith($"{Owner} by mail on ");
        Store.Trace(post.Id).ShouldContain(line => line.Outcome == "accepted" && line.Detail.Contains(Owner, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, PostState.Rejected)]
    [InlineData(2, PostState.Discarded)]
    public async Task A_mail_to_the_other_addresses_rejects_or_discards(int address, PostState state)
    {
        var post = await HoldAsync();
        var addresses = Addresses(await NoticeAsync());

        (await SendAsync(Owner, addresses[address])).ShouldStartWith("250");

        Store.FindPost(post.Id)!.State.ShouldBe(state);
        (await SendAsync(Owner, addresses[0])).ShouldStartWith("250");
        Store.FindPost(post.Id)!.State.ShouldBe(state, "the first decision stands");
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\r\n", Owner)]
    [InlineData("Precedence: bulk\r\n", Owner)]
    [InlineData("", "")]
    public async Task An_absent_moderators_program_decides_nothing(string header, string reversePath)
    {
        var post = await HoldAsync();
        var notice = await NoticeAsync();

        await SendAsync(Write(Owner, "Out of office", header: header), reversePath, notice.Field("Reply-To").Trim('<', '>'));

        Store.FindPost(post.Id)!.State.ShouldBe(PostState.Held);
    }

    [Fact]
    public async Task A_token_dies_with_its_owners_role_and_a_guessed_one_does_nothing()
    {
        await DoneAsync(new AddMember(List, "max@office.example") { Role = MemberRole.Moderator });
        var post = await HoldAsync();
        await UntilAsync(() => Sink.Mail.Count(mail => mail.Field("Subject") == Subject) == 2);
        var his = Sink.Mail.First(mail => mail.Recipients.Contains("max@office.example") && mail.Field("Subject") == Subject);
        await DoneAsync(new AddMember(List, "max@office.example") { Role = MemberRole.Member });

        (await SendAsync("max@office.example", his.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("550");
        (await SendAsync(Owner, "news-confirm+aaaaaaaaaaaaaaaaaaaaaaaaaa@lists.example")).ShouldStartWith("550");

        Store.FindPost(post.Id)!.State.ShouldBe(PostState.Held);
    }

    [Fact]
    public async Task An_authenticated_author_is_told_that_the_post_waits_and_a_program_is_not()
    {
        await HoldAsync();
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains(Ann)));
        var told = Sink.Mail.Single(mail => mail.Recipients.Contains(Ann));
        told.Field("Subject").ShouldBe("Your message to News awaits moderator approval");
        told.Field("Auto-Submitted").ShouldBe("auto-replied");
        told.ReversePath.ShouldBe("");

        (await SendAsync("bot@signed.example", List, "Report", "Done\r\n", "Auto-Submitted: auto-generated\r\n")).ShouldStartWith("250");
        (await SendAsync(Write("ken@strict.example", "Lunch", isForged: true), "mallory@spf.example", List)).ShouldStartWith("250");
        (await SendAsync("zoe@signed.example", List, "Lunch")).ShouldStartWith("250");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains("zoe@signed.example")));
        Sink.Mail.ShouldNotContain(mail => mail.Recipients.Contains("bot@signed.example") || mail.Recipients.Contains("ken@strict.example"));
    }

    [Fact]
    public async Task Who_is_trusted_with_an_accepted_post_needs_no_approval_for_the_next()
    {
        var post = await HoldAsync();

        await DoneAsync(new DecideHeld(post.Id, HeldDecision.Accept, TrustAuthor: true));

        (await SendAsync(Ann, List, "Dinner")).ShouldContain("Accepted");
        (await DoneAsync(new BrowseAuthors(List))).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            rule => rule.Address.ShouldBe(Ann),
            rule => rule.Action.ShouldBe(AuthorAction.Accept),
            rule => rule.SetBy.ShouldEndWith($"with post {post.Id}"));
        await DoneAsync(new SetAuthor(List, Ann, null));
        await DoneAsync(new SetAuthor(List, "*@signed.example", AuthorAction.Discard));
        (await SendAsync(Ann, List, "Supper")).ShouldContain("Taken");
        Store.Posts(List, PostState.Discarded, null, 1).ShouldHaveSingleItem().Reason.ShouldBe("The sender is in the nonmember discard list");
    }

    private static string[] Addresses(Delivered notice) =>
        [notice.Field("Reply-To").Trim('<', '>'), .. notice.Text.Split("\r\n").Where(line => line.StartsWith("news-confirm+", StringComparison.Ordinal))];

    private async Task<Post> HoldAsync()
    {
        (await SendAsync(Ann, List, "Lunch", "At one?\r\n")).ShouldStartWith("250");
        return Store.Posts(List, PostState.Held, null, 1).Single();
    }

    private async Task<Delivered> NoticeAsync()
    {
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Field("Subject") == Subject));
        return Sink.Mail.Single(mail => mail.Field("Subject") == Subject);
    }
}
