using System.Net;
using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Tests.Correspondence;

/// <summary>Held posts decided on the web by the links of a hold notice: SEC-22, SEC-27.</summary>
public sealed class HeldLinksTests : ListStage
{
    private readonly HttpClient _browser = new();

    protected override bool HasPages => true;

    [Fact]
    public async Task GET_shows_the_post_encoded_and_changes_nothing_and_POST_rejects_with_a_reason()
    {
        var (post, link) = await HoldAsync("reject");

        var page = await _browser.GetStringAsync(link, Cancel);
        page.ShouldContain("Reject this post to News?");
        page.ShouldContain("&lt;b&gt;bold&lt;/b&gt;");
        page.ShouldNotContain("<b>bold");
        (await _browser.GetAsync(link, Cancel)).Headers.Contains("Set-Cookie").ShouldBeFalse();
        Store.FindPost(post.Id)!.State.ShouldBe(PostState.Held);

        using var answer = await _browser.PostAsync(link, new FormUrlEncodedContent([new("reason", "Off topic")]), Cancel);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("rejected</span>");
        Store.FindPost(post.Id)!.Reason.ShouldBe("Off topic");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Field("Subject") == "Your post to News was not accepted" && mail.Text.Contains("Off topic", StringComparison.Ordinal)));
        (await _browser.GetStringAsync(link, Cancel)).ShouldContain("Somebody has decided already");
        (await _browser.PostAsync(link, null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Accept_and_trust_is_one_step() // LIST-pain-18
    {
        var (post, link) = await HoldAsync("accept");

        using var answer = await _browser.PostAsync(link, new FormUrlEncodedContent([new("trust", "yes")]), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Store.FindPost(post.Id)!.ApprovedBy.ShouldBe($"{Owner} by the link in a hold notice");
        (await SendAsync("ann@signed.example", List, "Dinner")).ShouldContain("Accepted");
    }

    [Fact]
    public async Task Links_about_somebody_who_wants_to_join_ask_first_and_decide_once()
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Subscription = SubscriptionPolicy.Moderate }));
        await SendAsync("ann@signed.example", "news-join@lists.example");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains(Owner)));
        var text = Sink.Mail.Single(mail => mail.Recipients.Contains(Owner)).Text;
        Uri Link(string choice) => new(Pages, text.Split($"\r\n{choice}:")[1].Split("https://pages.example")[1].Split("\r\n")[0]);

        (await _browser.GetStringAsync(Link("accept"), Cancel)).ShouldContain("Let ann@signed.example join News?");
        Store.JoinRequests(List).ShouldHaveSingleItem();

        using var answer = await _browser.PostAsync(Link("refuse"), new FormUrlEncodedContent([new("reason", "Staff only")]), Cancel);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("ann@signed.example is not on News.");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Field("Subject") == "Your request to join News was declined" && mail.Text.Contains("Staff only", StringComparison.Ordinal)));

        using var late = await _browser.PostAsync(Link("accept"), null, Cancel);
        (await late.Content.ReadAsStringAsync(Cancel)).ShouldContain("Somebody has decided already");
        Store.FindMember(List, "ann@signed.example").ShouldBeNull();
        (await _browser.GetAsync(new Uri(Pages, "/j/aaaaaaaaaaaaaaaaaaaaaaaaaa"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_link_that_nobody_made_is_not_found() =>
        (await _browser.GetAsync(new Uri(Pages, "/h/aaaaaaaaaaaaaaaaaaaaaaaaaa"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    private async Task<(Post Post, Uri Link)> HoldAsync(string choice)
    {
        await SendAsync("ann@signed.example", List, "Lunch", "<b>bold</b>\r\n");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains(Owner)));
        var link = Sink.Mail.Single(mail => mail.Recipients.Contains(Owner)).Text.Split($"\r\n{choice}:")[1].Split("https://pages.example")[1].Split("\r\n")[0];
        return (Store.Posts(List, PostState.Held, null, 1).Single(), new Uri(Pages, link));
    }
}
