using ListServer.Admin.Announcements;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Announcements;

namespace ListServer.Admin.Tests;

/// <summary>Use cases that change state take turns, but nobody waits for DNS.</summary>
public sealed class LocalDeskTests : AdminStage
{
    private readonly TaskCompletionSource<Verified> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override AdminContext Equip(AdminContext context) => context with { VerifyLocal = (_, _, _) => _answer.Task };

    [Fact]
    public async Task While_an_announcement_waits_for_answers_from_DNS_others_have_their_turn()
    {
        var message = "From: a@lists.example\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\nMessage-ID: <1@lists.example>\r\n\r\nHello\r\n"u8.ToArray();
        var sending = Desk.RunAsync(new SendAnnouncement(List, message, new SendingPlan()), Cancel);

        (await Desk.RunAsync(new CreateList("talk@lists.example"), Cancel)).ShouldBeOfType<Outcome<MailingList>.Done>();
        sending.IsCompleted.ShouldBeFalse();

        _answer.SetCanceled(Cancel);
        await Should.ThrowAsync<OperationCanceledException>(sending);
        (await Desk.RunAsync(new CreateList("more@lists.example"), Cancel)).ShouldBeOfType<Outcome<MailingList>.Done>();
    }
}
