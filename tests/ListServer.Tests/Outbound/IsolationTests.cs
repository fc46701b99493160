using System.Diagnostics;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

/// <summary>SEC-5: what some hosts do is no other host's business.</summary>
public sealed class IsolationTests
{
    private static readonly Func<PeerSession, Task>[] Hostile =
    [
        session => Task.Delay(Timeout.Infinite, session.End),
        session => DripAsync(session, "220-"),
        async session =>
        {
            while (true)
            {
                await session.SendAsync("220-" + new string('x', 500) + "\r\n");
            }
        },
        async session =>
        {
            while (true)
            {
                await session.SendAsync(new string('2', 5000));
            }
        },
        session => session.SayAsync("554 5.7.1 go away"),
        session => session.SayAsync("\0\u0001\u0002"),
        _ => Task.CompletedTask,
        async session =>
        {
            await OpenAsync(session, "PIPELINING");
            await DripAsync(session, "250-");
        },
        async session =>
        {
            await OpenAsync(session, "PIPELINING");
            for (var i = 0; i < 3; i++)
            {
                await session.HearAsync();
            }

            await session.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
            await Task.Delay(Timeout.Infinite, session.End);
        },
        async session =>
        {
            await OpenAsync(session, "STARTTLS");
            await session.HearAsync();
            await session.SayAsync("220 go");
            await Task.Delay(Timeout.Infinite, session.End);
        },
        async session =>
        {
            await OpenAsync(session, "STARTTLS");
            await session.HearAsync();
            await session.SendAsync("220 go\r\n250-injected\r\n");
        },
    ];

    [Fact]
    public async Task Twenty_good_hosts_get_their_copies_at_once_beside_forty_four_hostile_ones()
    {
        Peer[] hostile = [.. Enumerable.Range(0, 44).Select(i => new Peer { Script = Hostile[i % Hostile.Length] })];
        Peer[] good = [.. Enumerable.Range(0, 20).Select(_ => new Peer())];
        var routes = hostile.Select((p, i) => ($"hostile{i}.example", p.Address)).Concat(good.Select((p, i) => ($"good{i}.example", p.Address)));
        await using var all = new Crowd([.. hostile, .. good]);
        await using var stage = new DeliveryStage(new OutboundOptions { Routes = routes.ToDictionary(r => r.Item1, r => r.Address) });
        stage.Start();
        var watch = Stopwatch.StartNew();
        var post = await stage.QueueAsync(
            [.. Enumerable.Range(0, 44).Select(i => $"b@hostile{i}.example"), .. Enumerable.Range(0, 20).Select(i => $"b@good{i}.example")]);
        (await stage.TallyAsync(post, t => t.Delivered == 20)).Refused.ShouldBe(0);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        good.ShouldAllBe(p => p.Messages.Count == 1);
    }

    private static async Task OpenAsync(PeerSession session, string extension)
    {
        await session.SayAsync("220 peer");
        await session.HearAsync();
        await session.SayAsync("250-peer\r\n250 " + extension);
    }

    private static async Task DripAsync(PeerSession session, string start)
    {
        await session.SendAsync(start);
        while (true)
        {
            await Task.Delay(1000, session.End);
            await session.SendAsync("x");
        }
    }

    private sealed class Crowd(Peer[] peers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }
}
