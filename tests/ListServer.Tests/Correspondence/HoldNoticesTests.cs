using System.Text;
using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Correspondence;
using ListServer.Lists;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Tests.Outbound;
using ListServer.Tests.Returns;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Tests.Correspondence;

/// <summary>Who hears of held posts, and when; what becomes of those on which nobody decides.</summary>
public sealed class HoldNoticesTests
{
    [Fact]
    public async Task The_first_is_told_at_once_and_the_next_are_gathered_into_one_mail()
    {
        await using var stage = await ReturnsStage.StartAsync();
        await HoldAsync(stage);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        var first = stage.NewMail().ShouldHaveSingleItem();
        first.Text.ShouldContain("\r\nReply-To: <news-confirm+");
        first.Text.ShouldContain("\r\naccept:  https://lists.example/h/");

        for (var i = 0; i < 25; i++)
        {
            await HoldAsync(stage);
            await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        }

        stage.NewMail().ShouldBeEmpty();
        stage.Clock.Advance(HoldNotices.Pause);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);

        var gathered = stage.NewMail().ShouldHaveSingleItem();
        gathered.Text.ShouldContain("\r\nSubject: News: 25 posts require approval\r\n");
        gathered.Text.ShouldContain("There are 5 more: listserver held list news@lists.example");
        gathered.Text.Split("reject:  https://lists.example/h/").Length.ShouldBe(21);
        gathered.Text.ShouldNotContain("\r\nReply-To:");
        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        stage.NewMail().ShouldBeEmpty("all were told");
    }

    [Theory]
    [InlineData(HoldNoticeSetting.AtOnce, 1)]
    [InlineData(HoldNoticeSetting.Daily, 0)]
    [InlineData(HoldNoticeSetting.Never, 0)]
    public async Task The_list_says_when(HoldNoticeSetting setting, int first)
    {
        await using var stage = await ReturnsStage.StartAsync();
        await ChangeAsync(stage, list => list with { HoldNotices = setting });
        await HoldAsync(stage);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        stage.NewMail().Count.ShouldBe(first);

        await HoldAsync(stage);
        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        stage.NewMail().Count.ShouldBe(setting is HoldNoticeSetting.Never ? 0 : 1);
    }

    [Fact]
    public async Task Nobody_to_tell_leaves_it_untold_until_somebody_runs_the_list()
    {
        await using var stage = await ReturnsStage.StartAsync();
        await stage.CommitAsync(new MembersRemoved(ReturnsStage.List, [ReturnsStage.Owner]));
        await HoldAsync(stage);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        stage.NewMail().ShouldBeEmpty();

        await stage.CommitAsync(new MembersSaved(ReturnsStage.List, [stage.Member("mika@desk.example") with { Role = MemberRole.Moderator }]));
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        stage.NewMail().ShouldHaveSingleItem().Recipients.ShouldBe(["mika@desk.example"]);
    }

    [Fact]
    public async Task A_link_shows_and_decides_once_until_its_time_is_over() // SEC-27
    {
        await using var stage = await ReturnsStage.StartAsync();
        var desk = new LocalDesk(new AdminContext(stage.Store, stage.Clock, "web"));
        var post = await HoldAsync(stage);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);
        var text = stage.NewMail().Single().Text;

        var shown = (await desk.RunAsync(new ShowHeldLink(Token(text, "reject")), ReturnsStage.Cancel)).ShouldBeOfType<Outcome<HeldLink>.Done>().Answer;
        (shown.Decision, shown.Moderator, shown.Lines.Single()).ShouldBe((HeldDecision.Reject, ReturnsStage.Owner, "At one?"));
        stage.Store.FindPost(post.Id)!.State.ShouldBe(PostState.Held);

        await desk.RunAsync(new DecideByToken(Token(text, "reject"), "by the link", "Off topic"), ReturnsStage.Cancel);
        stage.Store.FindPost(post.Id)!.ShouldSatisfyAllConditions(
            p => p.State.ShouldBe(PostState.Rejected), p => p.Reason.ShouldBe("Off topic"), p => p.RejectedBy.ShouldBe($"{ReturnsStage.Owner} by the link"));
        (await desk.RunAsync(new DecideByToken(Token(text, "accept"), "by the link"), ReturnsStage.Cancel))
            .ShouldBeOfType<Outcome<HeldLink>.Refused>().Kind.ShouldBe(Refusal.Conflict);

        stage.Clock.Advance(TimeSpan.FromDays(14));
        (await desk.RunAsync(new ShowHeldLink(Token(text, "reject")), ReturnsStage.Cancel)).ShouldBeOfType<Outcome<HeldLink>.Refused>().Kind.ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task Links_of_hold_notices_are_no_questions_that_an_address_was_asked() // AUTH-97
    {
        await using var stage = await ReturnsStage.StartAsync();
        await HoldAsync(stage);
        await stage.HoldNotices.TellAllAsync(ReturnsStage.Cancel);

        new AdminContext(stage.Store, stage.Clock, "test").Questions.TryTake(ReturnsStage.Owner, null, true).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 400, PostState.Held)]
    [InlineData(5, 4, PostState.Held)]
    [InlineData(5, 5, PostState.Discarded)]
    public async Task A_post_on_which_nobody_decides_lapses_when_the_list_says_so(int maxDays, int days, PostState state)
    {
        await using var stage = await ReturnsStage.StartAsync();
        await ChangeAsync(stage, list => list with { MaxHeldDays = maxDays });
        var post = await HoldAsync(stage);
        stage.Clock.Advance(TimeSpan.FromDays(days));

        await new HeldExpiry(stage.Store, new LocalDesk(new AdminContext(stage.Store, stage.Clock, "nobody in time")), stage.Clock, NullLogger<HeldExpiry>.Instance).GoAsync(ReturnsStage.Cancel);

        stage.Store.FindPost(post.Id)!.State.ShouldBe(state);
    }

    [Fact] // SEC-31: the loop goes on, and with it the server
    public async Task A_post_that_a_full_disk_keeps_from_being_discarded_waits_for_the_next_round()
    {
        await using var stage = await ReturnsStage.StartAsync();
        await ChangeAsync(stage, list => list with { MaxHeldDays = 1 });
        await HoldAsync(stage);
        stage.Clock.Advance(TimeSpan.FromDays(2));

        await new HeldExpiry(stage.Store, new FullDisk(), stage.Clock, NullLogger<HeldExpiry>.Instance).GoAsync(ReturnsStage.Cancel);

        stage.Store.HeldPosts().ShouldHaveSingleItem();
    }

    private static string Token(string text, string choice) => text.Split($"\r\n{choice}:")[1].Split("/h/")[1].Split("\r\n")[0];

    private static Task ChangeAsync(ReturnsStage stage, Func<MailingList, MailingList> change) =>
        stage.CommitAsync(new ListSaved(change(stage.Store.FindList(ReturnsStage.List)!)));

    private static async Task<Post> HoldAsync(ReturnsStage stage)
    {
        var post = DeliveryStage.NewPost("ann@author.example", stage.Clock.GetUtcNow()) with
        {
            Id = OrderedId.New(stage.Clock),
            List = ReturnsStage.List,
            State = PostState.Held,
            Reason = "The message is not from a list member",
        };
        await stage.Store.Spool.StoreAsync(post.Id, Encoding.ASCII.GetBytes("From: <a@author.example>\r\nSubject: Lunch\r\n\r\nAt one?\r\n"), ReturnsStage.Cancel);
        await stage.CommitAsync(new PostSaved(post));
        return post;
    }

    private sealed class FullDisk : IAdminDesk
    {
        public Task<Outcome<T>> RunAsync<T>(UseCase<T> useCase, CancellationToken cancellationToken) => throw new IOException("No space left on device");
    }
}
