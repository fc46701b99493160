using ListServer.Admin.Held;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Tests.Correspondence;

public sealed class RejectedPostsTests : ListStage
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new ChangeList(List, new ListSettings { HoldNotices = HoldNoticeSetting.Never, TellHeldAuthors = false }));
    }

    [Fact]
    public async Task An_authenticated_author_is_told_with_the_moderators_reason()
    {
        var post = await HoldAsync("ann@signed.example", "ann@signed.example", isForged: false);

        await DoneAsync(new DecideHeld(post.Id, HeldDecision.Reject, "Off topic.\r\nBcc: x@y.example"));

        await UntilAsync(() => Sink.Mail.Count > 0);
        var notice = (await SentAsync()).ShouldHaveSingleItem();
        notice.Recipients.ShouldBe(["ann@signed.example"]);
        notice.ReversePath.ShouldBe("");
        notice.Field("Subject").ShouldBe("Your post to News was not accepted");
        notice.Field("In-Reply-To").ShouldBe(post.MessageId);
        notice.Field("Bcc").ShouldBe("");
        notice.Text.ShouldContain("Off topic.\r\n");
        notice.Text.ShouldContain("    Lunch\r\n");
        (await VerifyAsync(notice)).Dmarc.Verdict.ShouldBe(DmarcVerdict.Pass);
    }

    [Fact]
    public async Task Nobody_else_is()
    {
        var forged = await HoldAsync("ken@strict.example", "mallory@spf.example", isForged: true);
        var unproven = await HoldAsync("eve@plain.example", "eve@plain.example", isForged: true);
        var discarded = await HoldAsync("ann@signed.example", "ann@signed.example", isForged: false);
        var told = await HoldAsync("zoe@signed.example", "zoe@signed.example", isForged: false);

        await DoneAsync(new DecideHeld(forged.Id, HeldDecision.Reject));
        await DoneAsync(new DecideHeld(unproven.Id, HeldDecision.Reject));
        await DoneAsync(new DecideHeld(discarded.Id, HeldDecision.Discard));
        await DoneAsync(new DecideHeld(told.Id, HeldDecision.Reject));

        // Decisions are told in their order: once the last is out, the others would have been.
        await UntilAsync(() => Sink.Mail.Count > 0);
        (await SentAsync()).ShouldHaveSingleItem().Recipients.ShouldBe(["zoe@signed.example"]);
    }

    private async Task<Post> HoldAsync(string from, string reversePath, bool isForged)
    {
        (await SendAsync(Write(from, "Lunch", "At one?\r\n", isForged: isForged), reversePath, List)).ShouldStartWith("250");
        return Store.Posts(List, PostState.Held, null, 100).First(post => post.Report.Author.Address == from);
    }
}
