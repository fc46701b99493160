using System.Text;

namespace ListServer.Smtp.Tests;

/// <summary>SEC-10: slow and idle peers, on a clock that the test moves.</summary>
public sealed class DeadlineTests
{
    private const string UpToData = """
        S: 220
        C: EHLO c
        S: 250
        C: MAIL FROM:<>
        S: 250
        C: RCPT TO:<list@example.org>
        S: 250
        C: DATA
        S: 354
        """;

    [Fact]
    public async Task An_idle_peer_is_sent_away_after_five_minutes()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(299));
        (await caller.AskAsync("NOOP")).ShouldBe("250 2.0.0 OK");
        house.Clock.Advance(TimeSpan.FromSeconds(299));
        (await caller.AskAsync("NOOP")).ShouldBe("250 2.0.0 OK");
        house.Clock.Advance(TimeSpan.FromSeconds(302));
        (await caller.ReplyAsync()).ShouldBe("421 4.4.2 Timed out");
        (await caller.ReplyAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Dripping_octets_of_a_command_buys_no_time()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { CommandTimeout = TimeSpan.FromSeconds(60) });
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        for (var i = 0; i < 6; i++)
        {
            await caller.SendAsync("N");
            house.Clock.Advance(TimeSpan.FromSeconds(11));
        }
        (await caller.ReplyAsync()).ShouldBe("421 4.4.2 Timed out");
    }

    [Fact]
    public async Task A_message_slower_than_500_octets_a_second_is_cut()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(UpToData);
        var sent = 0;
        var seconds = 0;
        while (house.Listener.OpenSessions > 0 && seconds < 1000)
        {
            await caller.SendAsync(new string('x', 248) + "\r\n");
            sent += 250;
            await Until.TrueAsync(() => house.Reception.Octets == sent || house.Listener.OpenSessions == 0);
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            seconds++;
        }
        // Half the rate falls behind by half a second a second, and three minutes are allowed.
        seconds.ShouldBeInRange(340, 400);
        house.Reception.Messages.ShouldBeEmpty();
        house.Reception.StillOpen.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_at_the_rate_may_take_its_time()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { DataTimeout = TimeSpan.FromSeconds(20) });
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(UpToData);
        for (var i = 0; i < 200; i++)
        {
            await caller.SendAsync(new string('x', 998) + "\r\n");
            await Until.TrueAsync(() => house.Reception.Octets == 1000 * (i + 1));
            house.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await caller.SendAsync(".\r\n");
        (await caller.ReplyAsync()).ShouldBe("250 2.0.0 Kept");
    }

    [Fact]
    public async Task A_fast_beginning_is_no_credit_for_a_long_pause()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(UpToData);
        await caller.SendAsync(new string('x', 1024 * 1024) + "\r\n");
        await Until.TrueAsync(() => house.Reception.Octets > 1024 * 1024);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        house.Clock.Advance(TimeSpan.FromSeconds(182));
        (await caller.ReplyAsync()).ShouldBe("421 4.4.2 Timed out");
    }

    [Fact]
    public async Task Our_own_slowness_is_not_held_against_the_peer()
    {
        await using var house = await House.OpenAsync();
        var gate = new TaskCompletionSource();
        house.Reception.BeforeComplete = _ => gate.Task;
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(UpToData + "\nC: x\nC: .");
        await Until.TrueAsync(() => house.Reception.Completing == 1);
        house.Clock.Advance(TimeSpan.FromHours(1));
        gate.SetResult();
        (await caller.ReplyAsync()).ShouldBe("250 2.0.0 Kept");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handshake_must_end_within_thirty_seconds(bool isImplicit)
    {
        await using var house = await House.OpenAsync(change: endpoint => endpoint with { IsTlsImplicit = isImplicit });
        await using var caller = await house.CallAsync();
        if (!isImplicit)
            await caller.PlayAsync("S: 220\nC: STARTTLS\nS: 220");
        await Until.TrueAsync(() => house.Listener.OpenSessions == 1);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        house.Clock.Advance(TimeSpan.FromSeconds(29));
        house.Listener.OpenSessions.ShouldBe(1);
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        (await caller.ReplyAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Over_TLS_the_deadlines_are_the_same()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: STARTTLS\nS: 220\nTLS\nC: EHLO c\nS: 250");
        house.Clock.Advance(TimeSpan.FromSeconds(302));
        (await caller.ReplyAsync()).ShouldBe("421 4.4.2 Timed out");
        (await caller.ReplyAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData(5, 200, true)]
    [InlineData(8, 200, false)]
    [InlineData(8, 60, true)]
    [InlineData(10, 60, false)]
    [InlineData(10, 9, true)]
    public async Task Deadlines_shorten_when_the_house_fills(int open, int seconds, bool isPatient)
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxConnections = 10 });
        var callers = new List<Caller>();
        for (var i = 0; i < open; i++)
        {
            callers.Add(await house.CallAsync());
            (await callers[i].ReplyAsync()).ShouldNotBeNull().ShouldStartWith("220");
        }
        house.Clock.Advance(TimeSpan.FromSeconds(seconds));
        if (isPatient)
            (await callers[0].AskAsync("NOOP")).ShouldBe("250 2.0.0 OK");
        else
            (await callers[0].ReplyAsync()).ShouldBe("421 4.4.2 Timed out");
        foreach (var caller in callers)
            await caller.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_takes_no_replies_is_torn_off()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxJunkCommands = int.MaxValue, CommandTimeout = TimeSpan.FromSeconds(60) });
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        var flood = Task.Run(async () =>
        {
            var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HELP\r\n", 1000)));
            while (true)
                await caller.SendAsync(lines);
        }, TestContext.Current.CancellationToken);

        await Until.TrueAsync(() =>
        {
            house.Clock.Advance(TimeSpan.FromSeconds(62));
            return house.Listener.OpenSessions == 0;
        });
        await Should.ThrowAsync<IOException>(flood);
    }
}
