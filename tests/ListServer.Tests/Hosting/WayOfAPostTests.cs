using System.Net;
using ListServer.Admin.Held;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Posts;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;

namespace ListServer.Tests.Hosting;

/// <summary>From the first octet at the door to the last at the member's provider.</summary>
public sealed class WayOfAPostTests
{
    [Fact]
    public async Task A_strict_author_s_post_is_rewritten_signed_sealed_and_delivered_to_each_member_once()
    {
        await using var stage = await ServerStage.StartAsync();

        (await stage.SendAsync(ServerStage.SignedPost("Agenda"))).ShouldStartWith("250 2.0.0 Accepted as ");

        var trace = await stage.SettledAsync();
        trace.Deliveries.ShouldBe(new DeliveryCount(2, 2, 0, 0, 0));
        trace.Events.ShouldContain(line => line.Stage == TraceStage.Mitigation && line.Outcome == "rewrite" && line.Detail.StartsWith("row 11", StringComparison.Ordinal));
        stage.Peer.Messages.SelectMany(message => message.Recipients).Select(Bare).Order().ShouldBe(["aiko@strict.example", "ben@plain.example"]);
        var copy = stage.Peer.Messages.First();
        copy.Mail.ShouldStartWith("<talk-bounces@lists.example>");
        copy.Text.ShouldContain("From: \"Aiko Sato via Talk\" <talk@lists.example>\r\n");
        copy.Text.ShouldContain("Subject: [talk:1] Agenda\r\n");
        var report = await VerifyAsync(stage, copy.Octets);
        report.Dkim[0].Verdict.ShouldBe(DkimVerdict.Pass);
        report.Arc.Verdict.ShouldBe(ArcVerdict.Pass);
        report.Dmarc.AuthorDomain.ShouldBe("lists.example");
    }

    [Fact]
    public async Task An_untouched_post_keeps_its_author_and_the_author_s_signature()
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings());

        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();

        var report = await VerifyAsync(stage, stage.Peer.Messages.First().Octets);
        report.Author.Address.ShouldBe("aiko@strict.example");
        report.Dmarc.Verdict.ShouldBe(DmarcVerdict.Pass);
        report.Dkim.Select(result => result.Verdict).ShouldBe([DkimVerdict.Pass, DkimVerdict.Pass]);
    }

    [Fact]
    public async Task A_forged_strict_author_is_held_and_leaves_only_with_an_approver_named()
    {
        await using var stage = await ServerStage.StartAsync();

        (await stage.SendAsync(ServerStage.Post("Pay here", from: "Aiko <aiko@strict.example>"), "mallory@elsewhere.example")).ShouldStartWith("250 2.0.0 Held for a moderator as ");
        var held = await stage.SettledAsync();
        held.Post.State.ShouldBe(PostState.Held);
        stage.Peer.Messages.ShouldBeEmpty();

        await stage.DoAsync(new DecideHeld(held.Post.Id, HeldDecision.Accept));
        var sent = await stage.TraceAsync(trace => trace.Deliveries is { Waiting: 0 });

        sent.Post.ApprovedBy.ShouldBe("server");
        sent.Events.ShouldContain(line => line.Stage == TraceStage.Mitigation && line.Detail.StartsWith("row 18", StringComparison.Ordinal));
        stage.Peer.Messages.First().Text.ShouldContain("<talk@lists.example>\r\n");
    }

    [Fact]
    public async Task A_held_post_can_be_rejected_or_discarded_once()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.SendAsync(ServerStage.Post(from: "x@elsewhere.example"), "x@elsewhere.example");
        var held = await stage.SettledAsync();

        (await stage.DoAsync(new DecideHeld(held.Post.Id, HeldDecision.Reject, "Not for this list"))).State.ShouldBe(PostState.Rejected);
        await Should.ThrowAsync<InvalidOperationException>(() => stage.DoAsync(new DecideHeld(held.Post.Id, HeldDecision.Accept)));
        stage.Peer.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_message_again_is_taken_and_goes_nowhere()
    {
        await using var stage = await ServerStage.StartAsync();
        var post = ServerStage.SignedPost(id: "same");

        await stage.SendAsync(post);
        await stage.SettledAsync();
        (await stage.SendAsync(post)).ShouldStartWith("250 2.0.0 Taken as ");

        (await stage.SettledAsync()).Post.State.ShouldBe(PostState.Discarded);
        stage.Peer.Messages.Count.ShouldBe(stage.Peer.Messages.Count(message => message.Text.Contains("[talk:1]", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_list_named_thrice_gets_one_post()
    {
        await using var stage = await ServerStage.StartAsync();

        (await stage.SendAsync(ServerStage.SignedPost(), recipients: ["talk@lists.example", "TALK@lists.example", "talk@LISTS.example"])).ShouldStartWith("250");

        await stage.SettledAsync();
        (await stage.DoAsync(new BrowsePosts(null, null))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_forger_who_used_a_Message_ID_first_does_not_keep_the_author_s_post_back()
    {
        await using var stage = await ServerStage.StartAsync();
        (await stage.SendAsync(ServerStage.Post(from: "aiko@strict.example", id: "guessed"), "x@elsewhere.example")).ShouldStartWith("250 2.0.0 Held");

        (await stage.SendAsync(ServerStage.SignedPost(id: "guessed"))).ShouldStartWith("250 2.0.0 Accepted");

        (await stage.TraceAsync(trace => trace.Deliveries is { Waiting: 0 })).Deliveries!.Delivered.ShouldBe(2);
    }

    [Theory]
    [InlineData("boss@lists.example")]
    [InlineData("boss@example")]
    [InlineData("boss@sub.lists.example")]
    public async Task Nobody_unauthenticated_leaves_under_an_address_that_the_list_s_signature_vouches_for(string author) // AUTH-70
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Posting = PostingPolicy.Open, RequireAuthorAuthentication = false });

        (await stage.SendAsync(ServerStage.Post(from: author), "x@elsewhere.example")).ShouldNotStartWith("250 2.0.0 Accepted");

        stage.Peer.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_on_which_posts_wait_is_not_removed()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.SendAsync(ServerStage.Post(from: "x@elsewhere.example"), "x@elsewhere.example");
        var held = await stage.SettledAsync();

        (await Should.ThrowAsync<InvalidOperationException>(() => stage.DoAsync(new RemoveList(ServerStage.List)))).Message.ShouldContain("1 post(s)");
        await stage.DoAsync(new DecideHeld(held.Post.Id, HeldDecision.Discard));
        await stage.DoAsync(new RemoveList(ServerStage.List));
    }

    [Fact]
    public async Task A_transaction_for_two_lists_of_which_one_refuses_is_taken_and_held_there()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new CreateList("news@lists.example") { Settings = new ListSettings { Posting = PostingPolicy.AnnounceOnly } });

        (await stage.SendAsync(ServerStage.SignedPost(id: "alone"), recipients: "news@lists.example")).ShouldStartWith("550 5.7");
        (await stage.SendAsync(ServerStage.SignedPost(id: "both"), recipients: [ServerStage.List, "news@lists.example"])).ShouldStartWith("250");

        (await stage.DoAsync(new BrowsePosts("news@lists.example", PostState.Held))).Count.ShouldBe(1);
        (await stage.DoAsync(new BrowsePosts(ServerStage.List, null))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_accepted_before_a_stop_is_delivered_after_the_next_start()
    {
        await using var stage = await ServerStage.StartAsync(withKey: false);
        await stage.SendAsync(ServerStage.SignedPost());
        (await stage.TraceAsync(trace => trace.Events.Any(line => line.Outcome == "waits"))).Events[^1].Detail.ShouldContain("listserver key generate lists.example");

        await stage.StopServerAsync();
        await stage.StartServerAsync();
        await stage.MakeKeyAsync();

        (await stage.TraceAsync(trace => trace.Deliveries is { Waiting: 0 })).Deliveries!.Delivered.ShouldBe(2);
    }

    [Fact]
    public async Task A_member_who_left_before_delivery_gets_nothing_more()
    {
        var isClosed = true;
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Outbound = options.Outbound with { FirstRetry = TimeSpan.FromMilliseconds(200), LastRetry = TimeSpan.FromMilliseconds(300) },
        });
        stage.Peer.On = line => isClosed && line.StartsWith("MAIL", StringComparison.Ordinal) ? "451 4.3.0 not now" : null;
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.TraceAsync(trace => trace.Events.Any(line => line.Outcome == "deferred"));

        await stage.DoAsync(new RemoveMember(ServerStage.List, "ben@plain.example"));
        isClosed = false;

        await stage.SettledAsync();
        stage.Peer.Messages.SelectMany(message => message.Recipients).Select(Bare).ShouldBe(["aiko@strict.example"]);
    }

    private static string Bare(string path) => path[(path.IndexOf('<', StringComparison.Ordinal) + 1)..path.IndexOf('>', StringComparison.Ordinal)];

    private static async Task<AuthenticationReport> VerifyAsync(ServerStage stage, byte[] copy) =>
        await new MessageAuthenticator(new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] }), TimeProvider.System)
            .VerifyAsync(RawMessage.Parse(copy), IPAddress.Loopback, "mx.lists.example", "talk-bounces@lists.example", cancellationToken: TestContext.Current.CancellationToken);
}
