namespace ListServer.Smtp.Tests;

/// <summary>SEC-11: floods and guessing.</summary>
public sealed class ConductTests
{
    [Fact]
    public async Task Twenty_refused_commands_end_the_session()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        for (var i = 0; i < 20; i++)
            (await caller.AskAsync("FOO")).ShouldNotBeNull().ShouldStartWith("500");
        (await caller.ReplyAsync()).ShouldBe("421 4.7.0 Too many errors");
        (await caller.ReplyAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Twenty_unknown_recipients_end_the_session()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250");
        for (var i = 0; i < 20; i++)
            (await caller.AskAsync($"RCPT TO:<guess{i}@elsewhere.example>")).ShouldNotBeNull().ShouldStartWith("550");
        (await caller.ReplyAsync()).ShouldNotBeNull().ShouldStartWith("421 4.7.0");
    }

    [Fact]
    public async Task Who_is_put_off_has_done_nothing_wrong()
    {
        await using var house = await House.OpenAsync();
        house.Reception.AnswerRecipient = _ => new SmtpReply(451, "4.7.1", "Later");
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250");
        for (var i = 0; i < 50; i++)
            (await caller.AskAsync("RCPT TO:<list@example.org>")).ShouldNotBeNull().ShouldStartWith("451");
    }

    [Theory]
    [InlineData("NOOP")]
    [InlineData("RSET")]
    [InlineData("VRFY x")]
    [InlineData("HELP")]
    [InlineData("EHLO c")]
    public async Task A_hundred_commands_that_lead_nowhere_end_the_session(string command)
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        for (var i = 0; i < 101; i++)
            (await caller.AskAsync(command)).ShouldNotBeNull().ShouldStartWith("2");
        (await caller.ReplyAsync()).ShouldNotBeNull().ShouldStartWith("421 4.7.0");
        (await caller.ReplyAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task An_accepted_message_wipes_the_slate()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxErrors = 3, MaxJunkCommands = 3 });
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250");
        for (var i = 0; i < 5; i++)
        {
            await caller.PlayAsync("""
                C: FOO
                S: 500
                C: NOOP
                S: 250
                C: MAIL FROM:<>
                S: 250
                C: RCPT TO:<list@example.org>
                S: 250
                C: DATA
                S: 354
                C: .
                S: 250 2.0.0 Kept
                """);
        }
    }

    [Fact]
    public async Task Recipients_beyond_the_limit_are_put_off_and_beyond_its_double_the_session_ends()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxRecipients = 3 });
        await house.PlayAsync("""
            S: 220
            C: EHLO c
            S: 250
            C: MAIL FROM:<>
            C: RCPT TO:<1@example.org>
            C: RCPT TO:<2@example.org>
            C: RCPT TO:<3@example.org>
            C: RCPT TO:<4@example.org>
            C: RCPT TO:<5@example.org>
            C: RCPT TO:<6@example.org>
            S: 250
            S: 250
            S: 250
            S: 250
            S: 452 4.5.3
            S: 452 4.5.3
            S: 452 4.5.3
            C: DATA
            S: 354
            C: .
            S: 250 2.0.0 Kept
            C: MAIL FROM:<>
            C: RCPT TO:<1@example.org>
            C: RCPT TO:<2@example.org>
            C: RCPT TO:<3@example.org>
            C: RCPT TO:<4@example.org>
            C: RCPT TO:<5@example.org>
            C: RCPT TO:<6@example.org>
            C: RCPT TO:<7@example.org>
            S: 250
            S: 250
            S: 250
            S: 250
            S: 452
            S: 452
            S: 452
            S: 421 4.7.0
            S: closed
            """);
        house.Reception.Messages.ShouldHaveSingleItem().Transaction.ForwardPaths.Length.ShouldBe(3);
    }

    [Theory]
    [InlineData(2048, "250 2.0.0")]
    [InlineData(2049, "500 5.5.2 Line too long")]
    [InlineData(10_000, "500 5.5.2 Line too long")]
    [InlineData(60_000, "500 5.5.2 Line too long")]
    public async Task A_command_line_has_a_limit(int length, string reply)
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync($"S: 220\nC: NOOP {new string('x', length - 7)}\nC: NOOP\nS: {reply}\nS: 250");
    }

    [Fact]
    public async Task The_end_of_an_overlong_line_is_CRLF_too()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync($"S: 220\nR: NOOP {new string('x', 4000)}\\nRSET\\r\\n\nS: 500 5.5.2 Lines must end\nS: closed");
    }

    [Fact]
    public async Task A_line_without_end_is_cut()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        var flood = Task.Run(() => caller.SendAsync(new byte[64 * 1024 * 1024].Select(_ => (byte)'x').ToArray()), TestContext.Current.CancellationToken);
        (await caller.ReplyAsync()).ShouldBeNull();
        await Should.ThrowAsync<IOException>(flood);
    }
}
