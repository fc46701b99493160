using System.Net;

namespace ListServer.Smtp.Tests;

/// <summary>SEC-10: how many may come, and who goes when there is no room.</summary>
public sealed class ConnectionLimitTests
{
    private static readonly SmtpLimits Few = new()
    {
        PerAddress = new ClientQuota(2, 4),
        PerNetwork = new ClientQuota(3, 6),
        PerWideNetwork = new ClientQuota(4, 8),
    };

    [Theory]
    [InlineData("127.1.1.1 127.1.1.1", "127.1.1.1", "127.1.1.2")]
    [InlineData("127.1.1.1 127.1.1.2 127.1.1.3", "127.1.1.4", "127.1.2.1")]
    [InlineData("127.1.1.1 127.1.2.1 127.1.3.1 127.1.4.1", "127.1.5.1", "127.2.1.1")]
    public async Task An_address_and_the_networks_around_it_may_hold_so_many_sessions(string open, string refused, string welcome)
    {
        await using var house = await House.OpenAsync(limits: Few);
        var callers = new List<Caller>();
        foreach (var address in open.Split(' '))
            callers.Add(await GreetedAsync(house, address));

        (await FirstReplyAsync(house, refused)).ShouldBe("421 4.7.0 Too many connections from your network, try again later");
        (await FirstReplyAsync(house, welcome)).ShouldNotBeNull().ShouldStartWith("220");

        (await callers[0].AskAsync("QUIT")).ShouldNotBeNull().ShouldStartWith("221");
        (await callers[0].ReplyAsync()).ShouldBeNull();
        await Until.TrueAsync(() => house.Listener.OpenSessions == callers.Count - 1);
        (await FirstReplyAsync(house, refused)).ShouldNotBeNull().ShouldStartWith("220");
        foreach (var caller in callers)
            await caller.DisposeAsync();
    }

    [Fact]
    public async Task An_address_may_begin_so_many_sessions_a_minute()
    {
        await using var house = await House.OpenAsync(limits: Few);
        for (var i = 0; i < 4; i++)
        {
            (await FirstReplyAsync(house, "127.1.1.1")).ShouldNotBeNull().ShouldStartWith("220");
            await Until.TrueAsync(() => house.Listener.OpenSessions == 0);
        }
        (await FirstReplyAsync(house, "127.1.1.1")).ShouldNotBeNull().ShouldStartWith("421 4.7.0");

        house.Clock.Advance(TimeSpan.FromSeconds(61));
        (await FirstReplyAsync(house, "127.1.1.1")).ShouldNotBeNull().ShouldStartWith("220");
    }

    [Fact]
    public async Task Trusted_networks_have_no_quota()
    {
        await using var house = await House.OpenAsync(
            limits: Few, change: endpoint => endpoint with { TrustedNetworks = [IPNetwork.Parse("127.1.0.0/16")] });
        for (var i = 0; i < 10; i++)
            (await FirstReplyAsync(house, "127.1.1.1")).ShouldNotBeNull().ShouldStartWith("220");
    }

    [Fact]
    public async Task When_the_house_is_full_the_longest_waiting_makes_room()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxConnections = 3 });
        await using var first = await GreetedAsync(house, "127.1.1.1");
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        await using var second = await GreetedAsync(house, "127.1.1.2");
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        await using var third = await GreetedAsync(house, "127.1.1.3");
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        (await first.AskAsync("NOOP")).ShouldNotBeNull().ShouldStartWith("250");

        await using var fourth = await GreetedAsync(house, "127.1.1.4");

        (await second.ReplyAsync()).ShouldBe("421 4.3.2 Too busy, try again later");
        (await second.ReplyAsync()).ShouldBeNull();
        (await first.AskAsync("NOOP")).ShouldNotBeNull().ShouldStartWith("250");
        (await third.AskAsync("NOOP")).ShouldNotBeNull().ShouldStartWith("250");
        (await fourth.AskAsync("NOOP")).ShouldNotBeNull().ShouldStartWith("250");
    }

    [Fact]
    public async Task A_session_that_waits_for_us_is_not_sent_away_to_make_room()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxConnections = 1 });
        var gate = new TaskCompletionSource();
        house.Reception.BeforeComplete = _ => gate.Task;
        await using var busy = await house.CallAsync();
        await busy.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RCPT TO:<list@example.org>\nS: 250\nC: DATA\nS: 354\nC: x\nC: .");
        await Until.TrueAsync(() => house.Reception.Completing == 1);
        house.Clock.Advance(TimeSpan.FromHours(1));

        (await FirstReplyAsync(house, "127.1.1.2")).ShouldBe("421 4.3.2 Too busy, try again later");

        gate.SetResult();
        (await busy.ReplyAsync()).ShouldBe("250 2.0.0 Kept");
    }

    [Fact]
    public async Task An_honest_client_gets_through_a_flood_of_idle_ones()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxConnections = 50 });
        var idle = new List<Caller>();
        for (var i = 0; i < 300; i++)
        {
            idle.Add(await GreetedAsync(house, $"127.{1 + (i % 100)}.1.1"));
            house.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        await house.PlayAsync("""
            S: 220
            C: EHLO honest.example
            S: 250
            C: MAIL FROM:<a@honest.example>
            S: 250
            C: RCPT TO:<list@example.org>
            S: 250
            C: DATA
            S: 354
            C: post
            C: .
            S: 250 2.0.0 Kept
            """);
        foreach (var caller in idle)
            await caller.DisposeAsync();
    }

    [Theory]
    [InlineData("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", 64)]
    [InlineData("2001:db8:1:1::1", "2001:db8:1:ff::1", 56)]
    [InlineData("2001:db8:1:1::1", "2001:db8:1:ff00::1", 48)]
    [InlineData("2001:db8:1:1::1", "2001:db8:2:1::1", 0)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", 128)]
    [InlineData("192.0.2.1", "192.0.2.2", 120)]
    [InlineData("192.0.2.1", "192.0.3.1", 112)]
    [InlineData("192.0.2.1", "192.1.2.1", 0)]
    public void Networks_are_those_that_one_customer_may_hold(string one, string other, int sharedBits)
    {
        var (a, b) = (NetworkKey.Around(IPAddress.Parse(one)), NetworkKey.Around(IPAddress.Parse(other)));
        var shared = new[] { (a.Address, b.Address), (a.Network, b.Network), (a.WideNetwork, b.WideNetwork) }
            .Where(pair => pair.Item1 == pair.Item2)
            .Select(pair => pair.Item1.Bits);
        shared.FirstOrDefault().ShouldBe(sharedBits);
    }

    private static async Task<Caller> GreetedAsync(House house, string from)
    {
        var caller = await house.CallAsync(from);
        (await caller.ReplyAsync()).ShouldNotBeNull().ShouldStartWith("220");
        return caller;
    }

    private static async Task<string?> FirstReplyAsync(House house, string from)
    {
        await using var caller = await house.CallAsync(from);
        return await caller.ReplyAsync();
    }
}
