using System.Net;
using ListServer.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Outbound;

/// <summary>Domains that share an MX host share its limit of connections too (AUTH-77).</summary>
public sealed class HostSeatsTests
{
    private static readonly IPEndPoint One = new(IPAddress.Parse("192.0.2.1"), 25);
    private static readonly IPEndPoint Two = new(IPAddress.Parse("192.0.2.2"), 25);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_gets_the_next_free_seat_in_turn()
    {
        var seats = new HostSeats(1, _clock);
        var first = (await seats.TakeAsync(One, Stop)).ShouldNotBeNull();
        (seats.IsFree(One), seats.IsFree(Two)).ShouldBe((false, true));
        var second = seats.TakeAsync(One, Stop).AsTask();
        var third = seats.TakeAsync(One, Stop).AsTask();
        (seats.IsWanted(One), seats.IsWanted(Two)).ShouldBe((true, false));
        (await seats.TakeAsync(Two, Stop)).ShouldNotBeNull();
        first.Dispose();
        first.Dispose();
        (await second.WaitAsync(Stop)).ShouldNotBeNull().Dispose();
        (await third.WaitAsync(Stop)).ShouldNotBeNull().Dispose();
        seats.IsFree(One).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_waited_two_seconds_waits_no_longer_and_leaves_no_seat_behind()
    {
        var seats = new HostSeats(1, _clock);
        var first = await seats.TakeAsync(One, Stop);
        var second = seats.TakeAsync(One, Stop).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await second.WaitAsync(Stop)).ShouldBeNull();
        first!.Dispose();
        seats.IsFree(One).ShouldBeTrue();
    }

    [Fact]
    public async Task Twenty_domains_at_one_host_have_its_three_connections_between_them()
    {
        await using var peer = new Peer { Delay = TimeSpan.FromMilliseconds(2) };
        var zone = new ZoneFake().A("mx.host.example", "127.0.0.1");
        for (var i = 0; i < 20; i++)
        {
            zone.MX($"d{i}.example", (10, "mx.host.example"));
        }

        await using var stage = new DeliveryStage(new OutboundOptions { Port = peer.Port, ConcurrencyPerHost = 3 }, zone);
        var post = await stage.QueueAsync(Enumerable.Range(0, 20).Select(i => $"r@d{i}.example"));
        stage.Start();

        // The clock stands: who waits for a seat waits until there is one.
        (await stage.SettledAsync(post)).Delivered.ShouldBe(20);
        peer.MostOpen.ShouldBeInRange(2, 3);
        stage.Deliveries(post).ShouldAllBe(line => line.StartsWith("delivered ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_finds_no_seat_comes_again_and_was_not_refused_anything()
    {
        await using var peer = new Peer { On = line => line.Contains("d0.example", StringComparison.Ordinal) ? "never" : null };
        var zone = new ZoneFake().A("mx.host.example", "127.0.0.1").MX("d0.example", (10, "mx.host.example")).MX("d1.example", (10, "mx.host.example"));
        await using var stage = new DeliveryStage(new OutboundOptions { Port = peer.Port, ConcurrencyPerHost = 1 }, zone);
        stage.Start();
        await stage.QueueAsync("b@d0.example");
        await DeliveryStage.UntilAsync(() => peer.Commands.Any(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        var post = await stage.QueueAsync("b@d1.example");
        await stage.QueueSaysAsync("d1.example", q => q.InFlight == 1);
        var waits = await stage.QueueSaysAsync("d1.example", q =>
        {
            stage.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return q.InFlight == 0;
        });
        (waits.Attempts, waits.LastReply).ShouldBe((0, ""));
        peer.SessionCount.ShouldBe(1);

        await DeliveryStage.UntilAsync(() =>
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(5));
            return stage.Store.FindTally(post) is { Waiting: 0 };
        });
        stage.Deliveries(post).ShouldHaveSingleItem().ShouldStartWith("delivered b@d1.example");
    }
}
