using System.Diagnostics;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.MailAuth.Dns;
using ListServer.Outbound;
using ListServer.Store.Changes;

namespace ListServer.Tests.Outbound;

public sealed class DeliveryLoopTests
{
    [Fact]
    public async Task What_is_queued_leaves_at_once()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync("b@one.example", "c@one.example");
        (await stage.SettledAsync(post)).Delivered.ShouldBe(2);
        var received = peer.Messages.ShouldHaveSingleItem();
        received.Recipients.ShouldBe(["<b@one.example>", "<c@one.example>"]);
        received.Mail.ShouldStartWith("<list-bounces@example.org>");
        received.Text.ShouldBe(DeliveryStage.Text);
        stage.Deliveries(post).ShouldBe(
            [$"delivered b@one.example, c@one.example: 127.0.0.1[127.0.0.1]:{peer.Port} said to the message: 250 2.0.0 taken (in clear)"]);
        stage.Store.Queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Mail_that_is_no_post_leaves_too_and_writes_no_history()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer);
        stage.Start();
        var id = await stage.QueueNoticeAsync("owner@one.example");
        await DeliveryStage.UntilAsync(() => stage.Store.Queue.Count == 0);
        peer.Messages.ShouldHaveSingleItem().Mail.ShouldStartWith("<>");
        stage.Deliveries(id).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_announcement_leaves_at_the_rate_of_its_plan_and_all_other_mail_at_once()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer);
        var plan = new SendingPlan { Rate = new SendingRate(60, TimeSpan.FromMinutes(1)) };
        var slow = await stage.QueueAsync(Enumerable.Range(0, 30).Select(i => $"r{i}@d{i % 3}.example"), plan: plan);
        stage.Start();
        for (var delivered = 10; delivered < 30; delivered += 10)
        {
            await stage.TallyAsync(slow, t => t.Delivered == delivered);
            var other = await stage.QueueAsync("b@one.example");
            (await stage.SettledAsync(other)).Delivered.ShouldBe(1);
            stage.Clock.Advance(TimeSpan.FromSeconds(9));
            stage.Store.FindTally(slow)!.Delivered.ShouldBe(delivered);
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await stage.SettledAsync(slow)).Delivered.ShouldBe(30);
    }

    [Fact]
    public async Task With_a_smarthost_domains_share_transactions_of_the_set_size()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer, o => o with { RecipientsPerTransaction = 40 });
        var post = await stage.QueueAsync(Enumerable.Range(0, 100).Select(i => $"r{i}@d{i % 50}.example"));
        stage.Start();
        (await stage.SettledAsync(post)).Delivered.ShouldBe(100);
        peer.Messages.Max(m => m.Recipients.Count).ShouldBe(40);
        peer.Messages.SelectMany(m => m.Recipients).Distinct().Count().ShouldBe(100);
        peer.Messages.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task A_servers_limit_of_recipients_is_kept()
    {
        await using var peer = new Peer { Extensions = ["PIPELINING", "LIMITS MAILMAX=10 RCPTMAX=3"] };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync(Enumerable.Range(0, 7).Select(i => $"r{i}@one.example"));
        (await stage.SettledAsync(post)).Delivered.ShouldBe(7);
        peer.Messages.Select(m => m.Recipients.Count).ShouldBe([3, 3, 1]);
    }

    [Fact]
    public async Task Recipients_for_whom_there_was_no_room_are_sent_for_at_once()
    {
        var inTransaction = 0;
        await using var peer = new Peer
        {
            On = line =>
            {
                inTransaction = line.StartsWith("MAIL", StringComparison.Ordinal) ? 0 : line.StartsWith("RCPT", StringComparison.Ordinal) ? inTransaction + 1 : inTransaction;
                return line.StartsWith("RCPT", StringComparison.Ordinal) && inTransaction > 2 ? "452 4.5.3 too many recipients" : null;
            },
        };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync(Enumerable.Range(0, 5).Select(i => $"r{i}@one.example"));
        (await stage.SettledAsync(post)).Delivered.ShouldBe(5);
        peer.Messages.Select(m => m.Recipients.Count).ShouldBe([2, 2, 1]);
    }

    [Fact]
    public async Task Personal_copies_leave_one_by_one_on_one_connection()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync(Enumerable.Range(0, 20).Select(i => $"r{i}@one.example"), isPersonal: true);
        (await stage.SettledAsync(post)).Delivered.ShouldBe(20);
        peer.SessionCount.ShouldBe(1);
        peer.Messages.Select(m => m.Text).ShouldBe(Enumerable.Range(0, 20).Select(i => $"X-For: r{i}@one.example\r\n\r\nhello\r\n"));
        peer.Messages.Select(m => m.Recipients.Single()).ShouldBe(Enumerable.Range(0, 20).Select(i => $"<r{i}@one.example>"));
    }

    [Fact]
    public async Task A_personal_copy_that_can_not_be_made_now_waits_alone()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer);
        stage.PersonalHeader = recipient => recipient == "r1@one.example" ? null : "A: b\r\n\r\n";
        stage.Start();
        var post = await stage.QueueAsync(Enumerable.Range(0, 3).Select(i => $"r{i}@one.example"), isPersonal: true);
        await stage.TallyAsync(post, t => t.Delivered == 2);
        (await stage.QueueSaysAsync("one.example", s => s.Attempts == 1)).LastReply.ShouldContain("4.3.0");
        stage.PersonalHeader = _ => "A: b\r\n\r\n";
        stage.Clock.Advance(TimeSpan.FromMinutes(7));
        (await stage.SettledAsync(post)).Delivered.ShouldBe(3);
    }

    [Fact]
    public async Task Temporary_and_permanent_refusals_are_told_apart_and_the_good_get_one_copy()
    {
        var isFull = true;
        await using var peer = new Peer
        {
            On = line => line switch
            {
                "RCPT TO:<gone@one.example>" => "550 5.1.1 no such user",
                "RCPT TO:<full@one.example>" when isFull => "452 4.2.2 mailbox full",
                _ => null,
            },
        };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync("good@one.example", "gone@one.example", "full@one.example");
        await stage.TallyAsync(post, t => t is { Delivered: 1, Refused: 1 });
        var waiting = await stage.QueueSaysAsync("one.example", s => s.Attempts == 1);
        waiting.Waiting.ShouldBe(1);
        (waiting.NextAttempt!.Value - stage.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(375));

        isFull = false;
        stage.Clock.Advance(TimeSpan.FromSeconds(375));
        (await stage.SettledAsync(post)).Delivered.ShouldBe(2);
        peer.Messages.Select(m => string.Join(' ', m.Recipients)).ShouldBe(["<good@one.example>", "<full@one.example>"]);
        stage.Deliveries(post).Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(
            ["delivered good@one.example", "refused gone@one.example", "deferred full@one.example", "delivered full@one.example"], ignoreOrder: true);
    }

    /// <summary>AUTH-59: whose fault a refusal is decides whether it counts.</summary>
    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user", 1)]
    [InlineData("RCPT", "552 5.2.2 mailbox full", 0.5)]
    [InlineData("RCPT", "550 5.7.1 rejected by DMARC policy", 0)]
    [InlineData("MAIL", "550 we do not like you", 0)]
    [InlineData(".", "554 5.7.1 this looks like spam", 0)]
    public async Task A_refusal_in_the_session_counts_as_a_returned_report_does(string verb, string reply, double counted)
    {
        await using var peer = new Peer { On = line => line.StartsWith(verb, StringComparison.Ordinal) ? reply : null };
        await using var stage = Through(peer);
        await stage.Store.CommitAsync(
            new MembersSaved("list@example.org", [new Member("list@example.org", "mia@one.example", "", MemberRole.Member, stage.Clock.GetUtcNow(), "test")]),
            TestContext.Current.CancellationToken);
        stage.Start();

        (await stage.SettledAsync(await stage.QueueAsync("mia@one.example"))).Refused.ShouldBe(1);

        (stage.Store.FindBounceScore("list@example.org", "mia@one.example")?.Score ?? 0).ShouldBe(counted);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("451 4.3.0 try again")]
    public async Task A_message_without_a_final_yes_is_sent_again_later(string final)
    {
        var answer = final;
        await using var peer = new Peer { On = line => line == "." ? answer : null };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync("b@one.example");
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 1);
        answer = null;
        stage.Clock.Advance(TimeSpan.FromSeconds(375));
        (await stage.SettledAsync(post)).Delivered.ShouldBe(1);
    }

    [Fact]
    public async Task An_unreachable_host_defers_all_that_is_due_there_with_the_reason()
    {
        var peer = new Peer();
        await using var stage = Through(peer);
        await peer.DisposeAsync();
        var one = await stage.QueueAsync("b@one.example");
        var two = await stage.QueueAsync(Enumerable.Range(0, 150).Select(i => $"r{i}@two.example"));
        stage.Start();
        (await stage.QueueSaysAsync("one.example", s => s.Attempts == 1)).LastReply.ShouldContain("4.4.1");
        (await stage.QueueSaysAsync("two.example", s => s.Attempts == 1)).LastReply.ShouldContain("refused");
        stage.Deliveries(two).ShouldHaveSingleItem().ShouldContain("and 140 more");
        stage.Store.FindTally(one)!.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task What_waits_too_long_expires_after_a_last_attempt()
    {
        await using var peer = new Peer { On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.2.1 later" : null };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync("b@one.example");
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 1);
        stage.Clock.Advance(TimeSpan.FromDays(4.9));
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 2);
        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 3);
        stage.Clock.Advance(TimeSpan.FromHours(2));
        (await stage.SettledAsync(post)).Expired.ShouldBe(1);
        stage.Deliveries(post)[^1].ShouldStartWith("expired b@one.example: ");
    }

    [Fact]
    public async Task A_host_that_hangs_holds_up_nobody_else()
    {
        await using var slow = new Peer { On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "never" : null };
        await using var good = new Peer();
        await using var stage = new DeliveryStage(new OutboundOptions
        {
            Routes = new Dictionary<string, string> { ["slow.example"] = slow.Address, ["good.example"] = good.Address },
            Concurrency = 2,
        });
        stage.Start();
        await stage.QueueAsync("b@slow.example");
        await stage.QueueAsync("c@slow.example");
        await DeliveryStage.UntilAsync(() => slow.Commands.Any(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        for (var i = 0; i < 5; i++)
        {
            var post = await stage.QueueAsync($"b{i}@good.example");
            (await stage.SettledAsync(post)).Delivered.ShouldBe(1);
        }

        slow.SessionCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(100, 3, 3)]
    [InlineData(2, 50, 2)]
    public async Task No_more_connections_are_open_than_allowed(int concurrency, int perDestination, int most)
    {
        await using var peer = new Peer { Delay = TimeSpan.FromMilliseconds(2) };
        await using var stage = Through(peer, o => o with { Concurrency = concurrency, ConcurrencyPerDestination = perDestination, RecipientsPerTransaction = 1 });
        var post = await stage.QueueAsync(Enumerable.Range(0, 40).Select(i => $"r@d{i}.example"));
        stage.Start();
        (await stage.SettledAsync(post)).Delivered.ShouldBe(40);
        peer.MostOpen.ShouldBe(most);
    }

    [Fact]
    public async Task All_connections_together_stay_under_the_limit_when_destinations_change()
    {
        await using var one = new Peer();
        await using var two = new Peer();
        await using var stage = new DeliveryStage(new OutboundOptions
        {
            Routes = new Dictionary<string, string> { ["one.example"] = one.Address, ["two.example"] = two.Address },
            Concurrency = 1,
        });
        stage.Start();
        await stage.SettledAsync(await stage.QueueAsync("b@one.example"));
        await stage.SettledAsync(await stage.QueueAsync("b@two.example"));
        one.Commands.ShouldContain("QUIT");
    }

    [Fact]
    public async Task An_open_connection_is_used_again_until_it_has_been_idle_too_long()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer, o => o with { IdleTimeout = TimeSpan.FromSeconds(7) });
        stage.Start();
        await stage.SettledAsync(await stage.QueueAsync("b@one.example"));
        await stage.SettledAsync(await stage.QueueAsync("c@two.example"));
        peer.SessionCount.ShouldBe(1);
        peer.Commands.ShouldNotContain("QUIT");
        stage.Clock.Advance(TimeSpan.FromSeconds(6));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        peer.Commands.ShouldNotContain("QUIT");
        await DeliveryStage.UntilAsync(() =>
        {
            // The connection becomes idle a moment after its outcome is on disk.
            stage.Clock.Advance(TimeSpan.FromSeconds(1));
            return peer.Commands.Contains("QUIT");
        });
        await stage.SettledAsync(await stage.QueueAsync("d@one.example"));
        peer.SessionCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_within_TLS_is_used_again_too()
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost };
        await using var stage = Through(peer);
        stage.Start();
        await stage.SettledAsync(await stage.QueueAsync("b@one.example"));
        await stage.SettledAsync(await stage.QueueAsync("c@one.example"));
        var post = await stage.QueueAsync("d@one.example");
        await stage.SettledAsync(post);
        peer.Messages.ShouldAllBe(m => m.IsTls && m.Session == 1);
        stage.Deliveries(post).ShouldHaveSingleItem().ShouldContain("(Tls1");
    }

    [Theory]
    [InlineData("close")]
    [InlineData("421 4.7.0 enough for this session")]
    public async Task A_connection_that_the_server_ended_between_two_copies_costs_no_delay(string end)
    {
        var mails = 0;
        await using var peer = new Peer { On = line => line.StartsWith("MAIL", StringComparison.Ordinal) && ++mails == 2 ? end : null };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync(["b@one.example", "c@one.example", "d@one.example"], isPersonal: true);
        (await stage.SettledAsync(post)).Delivered.ShouldBe(3);
        peer.SessionCount.ShouldBe(2);
        peer.Messages.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_host_that_drops_every_session_is_left_in_peace()
    {
        await using var peer = new Peer { On = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "close" : null };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync(Enumerable.Range(0, 30).Select(i => $"r{i}@one.example"), isPersonal: true);
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 1);
        peer.SessionCount.ShouldBe(1);
        stage.Store.FindTally(post)!.Waiting.ShouldBe(30);
    }

    [Fact]
    public async Task A_stop_takes_moments_and_loses_nothing()
    {
        await using var peer = new Peer { On = line => line.StartsWith("RCPT TO:<slow", StringComparison.Ordinal) ? "never" : null };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync(["b@one.example", "slow@one.example", "c@one.example"], isPersonal: true);
        await stage.TallyAsync(post, t => t.Delivered == 1);
        var watch = Stopwatch.StartNew();
        await stage.StopAsync();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        stage.Store.FindTally(post)!.Waiting.ShouldBe(2);
        stage.Store.Queue.Summaries().Single().Attempts.ShouldBe(0);
        stage.Store.Queue.Summaries().Single().NextAttempt.ShouldBe(stage.Clock.GetUtcNow());
        peer.Messages.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_stop_waits_for_the_reply_to_a_final_dot_as_long_as_the_grace()
    {
        await using var peer = new Peer { On = line => line == "." ? "never" : null };
        await using var stage = Through(peer, o => o with { StopGrace = TimeSpan.FromSeconds(3) });
        stage.Start();
        var post = await stage.QueueAsync("b@one.example");
        await DeliveryStage.UntilAsync(() => peer.Commands.Contains("."));
        var stopped = stage.StopAsync();
        await Task.WhenAny(stopped, Task.Delay(100, TestContext.Current.CancellationToken));
        stopped.IsCompleted.ShouldBeFalse();
        stage.Clock.Advance(TimeSpan.FromSeconds(3));
        await stopped;
        stage.Store.FindTally(post)!.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task Outcomes_survive_a_restart()
    {
        await using var peer = new Peer { On = line => line.StartsWith("RCPT TO:<full", StringComparison.Ordinal) ? "452 4.2.2 full" : null };
        await using var stage = Through(peer);
        stage.Start();
        var post = await stage.QueueAsync("good@one.example", "full@one.example");
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 1);
        await stage.RestartAsync();
        stage.Clock.Advance(TimeSpan.FromSeconds(375));
        await stage.QueueSaysAsync("one.example", s => s.Attempts == 2);
        peer.Messages.ShouldHaveSingleItem();
        stage.Store.FindTally(post)!.Delivered.ShouldBe(1);
    }

    [Fact]
    public async Task A_copy_whose_octets_are_gone_blocks_nothing()
    {
        await using var peer = new Peer();
        await using var stage = Through(peer);
        var bad = await stage.QueueAsync("b@one.example");
        foreach (var file in Directory.EnumerateFiles(stage.SpoolFolder, "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        var good = await stage.QueueAsync("c@one.example");
        stage.Start();
        (await stage.SettledAsync(good)).Delivered.ShouldBe(1);
        await DeliveryStage.UntilAsync(() => stage.Deliveries(bad) is ["deferred b@one.example: 451 4.3.0 the copy can't be read"]);
    }

    [Fact]
    public async Task Without_a_smarthost_mail_goes_to_the_MX_of_each_domain()
    {
        await using var peer = new Peer();
        var zone = new ZoneFake().MX("one.example", (10, "mx.one.example")).A("mx.one.example", "127.0.0.1").MX("null.example", (0, "")).Fail("down.example", DnsRecordType.MX);
        await using var stage = new DeliveryStage(new OutboundOptions { Port = peer.Port }, zone);
        stage.Start();
        var post = await stage.QueueAsync("b@one.example", "b@null.example", "b@missing.example", "b@down.example");
        await stage.TallyAsync(post, t => t is { Delivered: 1, Refused: 2, Waiting: 1 });
        (await stage.QueueSaysAsync("down.example", s => s.Attempts == 1)).LastReply.ShouldStartWith("451 4.4.3");
        stage.Deliveries(post).ShouldContain("refused b@null.example: 556 5.1.10 the domain null.example takes no mail: its MX is null");
        stage.Deliveries(post).ShouldContain(l => l.StartsWith($"delivered b@one.example: mx.one.example[127.0.0.1]:{peer.Port} said", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_host_is_tried_when_the_first_turns_us_away()
    {
        await using var first = new Peer { Banner = "554 5.7.1 not you" };
        var zone = new ZoneFake().MX("one.example", (10, "mx1.one.example"), (20, "mx2.one.example"))
            .A("mx1.one.example", "127.0.0.2").A("mx2.one.example", "127.0.0.1");
        await using var stage = new DeliveryStage(new OutboundOptions { Port = first.Port }, zone);
        await using var second = new Peer();
        stage.Start();

        // Nobody listens on 127.0.0.2; the second host answers with 554 to the connection.
        var post = await stage.QueueAsync("b@one.example");
        var summary = await stage.QueueSaysAsync("one.example", s => s.Attempts == 1);
        summary.LastReply.ShouldBe($"mx2.one.example[127.0.0.1]:{first.Port} said to the connection: 554 5.7.1 not you");
        stage.Store.FindTally(post)!.Refused.ShouldBe(0);
    }

    [Fact]
    public void Retries_begin_at_five_minutes_and_end_at_4000_seconds_with_chance_in_between()
    {
        var options = new OutboundOptions();
        int[] least = [300, 600, 1200, 2400, 3200, 3200];
        int[] most = [375, 750, 1500, 3000, 4000, 4000];
        for (var attempt = 1; attempt <= least.Length; attempt++)
        {
            Backoff.Pause(options, attempt, 0).TotalSeconds.ShouldBe(least[attempt - 1], 0.001);
            Backoff.Pause(options, attempt, 1).TotalSeconds.ShouldBe(most[attempt - 1], 0.001);
        }

        Backoff.Pause(options, 1000, 1).TotalSeconds.ShouldBe(4000, 0.001);
        var quick = options with { FirstRetry = TimeSpan.FromSeconds(1), LastRetry = TimeSpan.FromSeconds(3) };
        Backoff.Pause(quick, 1, 0).TotalSeconds.ShouldBe(1, 0.001);
        Backoff.Pause(quick, 9, 1).TotalSeconds.ShouldBe(3, 0.001);
    }

    private static DeliveryStage Through(Peer peer, Func<OutboundOptions, OutboundOptions>? with = null)
    {
        var options = new OutboundOptions { Smarthost = peer.Address };
        return new DeliveryStage(with?.Invoke(options) ?? options);
    }
}
