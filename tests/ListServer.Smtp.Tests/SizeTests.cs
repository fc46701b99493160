namespace ListServer.Smtp.Tests;

public sealed class SizeTests
{
    private static readonly SmtpLimits Small = new() { MaxMessageSize = 1000 };

    private const string Envelope = "C: MAIL FROM:<a@b.example>\nS: 250\nC: RCPT TO:<list@example.org>\nS: 250\n";

    [Theory]
    [InlineData(998, true)]
    [InlineData(999, false)]
    [InlineData(300_000, false)]
    public async Task The_size_of_a_message_is_that_of_its_octets(int octets, bool isTaken)
    {
        await using var house = await House.OpenAsync(limits: Small);
        await using var caller = await house.CallAsync();
        await caller.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{Envelope}C: DATA\nS: 354");
        await caller.SendAsync(new string('x', octets) + "\r\n.\r\n");

        (await caller.ReplyAsync()).ShouldNotBeNull().ShouldStartWith(isTaken ? "250" : "552 5.3.4");

        house.Reception.Messages.Count.ShouldBe(isTaken ? 1 : 0);
        await caller.PlayAsync(Envelope + "C: DATA\nS: 354\nC: next\nC: .\nS: 250 2.0.0 Kept");
    }

    [Fact]
    public async Task Stuffed_dots_do_not_count()
    {
        await using var house = await House.OpenAsync(limits: Small);
        await using var caller = await house.CallAsync();
        await caller.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{Envelope}C: DATA\nS: 354");
        await caller.SendAsync(string.Concat(Enumerable.Repeat("..\r\n", 333)) + ".\r\n");
        (await caller.ReplyAsync()).ShouldBe("250 2.0.0 Kept");
    }

    [Fact]
    public async Task A_message_that_never_ends_is_cut()
    {
        await using var house = await House.OpenAsync(limits: Small);
        await using var caller = await house.CallAsync();
        await caller.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{Envelope}C: DATA\nS: 354");
        var flood = Task.Run(async () =>
        {
            var octets = new byte[1024 * 1024];
            for (var i = 0; i < 70; i++)
                await caller.SendAsync(octets);
        }, TestContext.Current.CancellationToken);
        (await caller.ReplyAsync()).ShouldBe("552 5.3.4 Message size exceeds the limit");
        (await caller.ReplyAsync()).ShouldBeNull();
        await Should.ThrowAsync<IOException>(flood);
    }

    [Fact]
    public async Task A_slow_sink_holds_the_sender_back()
    {
        await using var house = await House.OpenAsync();
        var gate = new TaskCompletionSource();
        house.Reception.BeforeWrite = _ => gate.Task;
        await using var caller = await house.CallAsync();
        await caller.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{Envelope}C: DATA\nS: 354");

        var sending = caller.SendAsync(new string('x', 20 * 1024 * 1024) + "\r\n.\r\n");
        (await Task.WhenAny(sending, Task.Delay(200, TestContext.Current.CancellationToken))).ShouldNotBe(sending);

        gate.SetResult();
        await sending;
        (await caller.ReplyAsync()).ShouldBe("250 2.0.0 Kept");
    }
}
