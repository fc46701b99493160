using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

/// <summary>The pace of real sessions.</summary>
public sealed class PaceOnTheWireTests
{
    [Fact]
    public async Task AUTH_74_4_7_28_ends_all_sessions_for_ten_minutes_and_a_restart_changes_nothing()
    {
        var isFlooded = false;
        await using var peer = new Peer { Delay = TimeSpan.FromMilliseconds(2), On = line => isFlooded && line.StartsWith("RCPT", StringComparison.Ordinal) ? "421 4.7.28 unusual rate of mail" : null };
        await using var stage = Through(peer, concurrency: 8);
        stage.Start();
        await stage.SettledAsync(await stage.QueueAsync(Crowd(80)));
        peer.MostOpen.ShouldBe(8);

        isFlooded = true;
        var post = await stage.QueueAsync(Crowd(40));
        await DeliveryStage.UntilAsync(() => stage.Store.Queue.Summaries() is { Count: 40 } all && all.All(s => s.Attempts == 1 && s.LastReply.Contains("421 4.7.28", StringComparison.Ordinal)));
        stage.Store.Queue.Summaries().ShouldAllBe(s => s.NextAttempt == stage.Clock.GetUtcNow() + Pace.BlockPause);
        isFlooded = false;
        await stage.RestartAsync();
        var sessions = peer.SessionCount;

        stage.Clock.Advance(TimeSpan.FromSeconds(599));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        peer.SessionCount.ShouldBe(sessions);
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        (await stage.SettledAsync(post)).Delivered.ShouldBe(40);
    }

    [Fact]
    public async Task AUTH_74_the_rest_behind_4_7_28_holds_for_what_comes_anew_and_ends_with_one_connection()
    {
        var isFlooded = true;
        await using var peer = new Peer { Delay = TimeSpan.FromMilliseconds(2), On = line => isFlooded && line.StartsWith("RCPT", StringComparison.Ordinal) ? "421 4.7.28 unusual rate of mail" : null };
        await using var stage = Through(peer, concurrency: 8);
        stage.Start();
        await stage.QueueAsync("b@one.example");
        await stage.QueueSaysAsync("one.example", s => s is { Attempts: 1, InFlight: 0 });
        isFlooded = false;
        var late = await stage.QueueAsync(Crowd(40));
        stage.Clock.Advance(TimeSpan.FromSeconds(599));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        peer.SessionCount.ShouldBe(1);
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        (await stage.SettledAsync(late)).Delivered.ShouldBe(40);
        peer.MostOpen.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_takes_three_connections_is_not_stormed_and_gets_every_copy_once()
    {
        await using var peer = new Peer { Delay = TimeSpan.FromMilliseconds(1), MostSessions = 3 };
        await using var stage = Through(peer, concurrency: 20);
        var (post, began) = (await stage.QueueAsync(Crowd(200)), stage.Clock.GetUtcNow());
        stage.Start();
        await DeliveryStage.UntilAsync(() =>
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(5));
            return stage.Store.FindTally(post)!.Waiting == 0;
        });
        stage.Store.FindTally(post)!.Delivered.ShouldBe(200);
        peer.Messages.SelectMany(m => m.Recipients).Distinct().Count().ShouldBe(200);

        // One to find the limit, and one more each minute to find whether it still holds; each may have others beside it.
        peer.SentAway.ShouldBeInRange(1, 5 + (2 * (int)(stage.Clock.GetUtcNow() - began).TotalMinutes));
    }

    [Fact]
    public async Task A_destination_that_hangs_with_all_it_was_given_leaves_room_for_others()
    {
        var hangs = false;
        await using var slow = new Peer { On = line => hangs && line.StartsWith("RCPT", StringComparison.Ordinal) ? "never" : null };
        await using var good = new Peer();
        var routes = Enumerable.Range(0, 60).ToDictionary(i => $"d{i}.example", _ => slow.Address);
        routes["good.example"] = good.Address;
        await using var stage = new DeliveryStage(new OutboundOptions { Routes = routes, Concurrency = 8, ConcurrencyPerDestination = 8, RecipientsPerTransaction = 1 });
        stage.Start();
        await stage.SettledAsync(await stage.QueueAsync("b@good.example"));
        await stage.SettledAsync(await stage.QueueAsync(Crowd(60)));
        hangs = true;
        var stuck = await stage.QueueAsync(Crowd(60));
        await DeliveryStage.UntilAsync(() => slow.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal)) >= 60 + 6);
        (await stage.SettledAsync(await stage.QueueAsync("c@good.example"))).Delivered.ShouldBe(1);
        stage.Store.FindTally(stuck)!.Waiting.ShouldBe(60);
    }

    private static IEnumerable<string> Crowd(int count) => Enumerable.Range(0, count).Select(i => $"r@d{i}.example");

    private static DeliveryStage Through(Peer peer, int concurrency) =>
        new(new OutboundOptions { Smarthost = peer.Address, ConcurrencyPerDestination = concurrency, RecipientsPerTransaction = 1 });
}
