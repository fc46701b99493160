namespace ListServer.Smtp.Tests;

/// <summary>stack.md "SMTP reception: traps"; SEC-7 and AUTH-93 (CVE-2023-51764 and its like).</summary>
public sealed class EndOfDataTests
{
    private const string Envelope = """
        S: 220
        C: EHLO client.example
        S: 250
        C: MAIL FROM:<a@client.example>
        C: RCPT TO:<list@example.org>
        C: DATA
        S: 250
        S: 250
        S: 354
        """;

    private static readonly string[] LineEnds =
        [@"\r\n", @"\n", @"\r", @"\r\r\n", @"\n\r", @"\n\n", @"\r\r", @"\0\r\n", @"\r\0\n", @"\r\n\0", @"\r\n\r", @"\n\r\n"];

    public static TheoryData<string> WrongEnds()
    {
        var forms = new TheoryData<string>();
        foreach (var before in LineEnds)
        {
            foreach (var after in LineEnds)
            {
                // What begins with CRLF.CRLF is a true end.
                if (before != @"\r\n" || !after.StartsWith(@"\r\n", StringComparison.Ordinal))
                    forms.Add($"{before}.{after}");
            }
        }
        return forms;
    }

    [Theory]
    [MemberData(nameof(WrongEnds))]
    public async Task No_other_form_than_CRLF_dot_CRLF_lets_a_second_transaction_in(string form)
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(Envelope);

        await caller.PlayAsync($"""
            R: Subject: one\r\n\r\nbody{form}
            C: MAIL FROM:<evil@client.example>
            C: RCPT TO:<list@example.org>
            C: DATA
            C: Subject: two
            C: .
            S: 5
            """);

        caller.Finish();
        while (await caller.ReplyAsync() is { } reply)
            reply.ShouldNotStartWith("354");
        house.Reception.Messages.ShouldBeEmpty();
        house.Reception.Senders.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(@"one\r", "<CR>")]
    [InlineData(@"o\rne", "<CR>")]
    [InlineData(@"o\nne", "<LF>")]
    [InlineData(@"\none", "<LF>")]
    [InlineData(@"o\0ne", "NUL")]
    [InlineData(@".\rne", "<CR>")]
    public async Task A_message_with_bare_CR_LF_or_NUL_is_read_to_its_end_refused_and_the_session_closed(string line, string named)
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(Envelope);

        await caller.SendAsync(Caller.Unescape(line + @"\r\n.\r\n"));

        var reply = (await caller.ReplyAsync()).ShouldNotBeNull();
        reply.ShouldStartWith("550 5.6.0");
        reply.ShouldContain(named);
        (await caller.ReplyAsync()).ShouldBeNull();
        house.Reception.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(@".\r\n", "")]
    [InlineData(@"a\r\n.\r\n", @"a\r\n")]
    [InlineData(@"..\r\n.\r\n", @".\r\n")]
    [InlineData(@".a\r\n.\r\n", @"a\r\n")]
    [InlineData(@"...\r\n..a\r\na.b.\r\n.\r\n", @"..\r\n.a\r\na.b.\r\n")]
    [InlineData(@"\r\n\r\n.\r\n", @"\r\n\r\n")]
    public async Task Dots_are_unstuffed_at_the_beginning_of_lines(string sent, string kept)
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(Envelope);

        await caller.PlayAsync($"R: {sent}\nC: QUIT\nS: 250 2.0.0\nS: 221 2.0.0\nS: closed");

        house.Reception.Messages.ShouldHaveSingleItem().Octets.ShouldBe(Caller.Unescape(kept));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_message_may_arrive_in_pieces_of_any_size(int size)
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync(Envelope);

        foreach (var piece in "..one\r\n.two\r\n..\r\n\r\n.\r\nNOOP\r\n".Chunk(size))
        {
            await caller.SendAsync(new string(piece));
            await Task.Yield();
        }

        await caller.PlayAsync("S: 250 2.0.0 Kept\nS: 250 2.0.0 OK");
        house.Reception.Messages.ShouldHaveSingleItem().Octets.ShouldBe(".one\r\ntwo\r\n.\r\n\r\n");
    }

    [Fact]
    public async Task Octets_behind_DATA_that_did_not_wait_for_354_end_the_session()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("""
            S: 220
            C: EHLO client.example
            S: 250
            C: MAIL FROM:<a@client.example>
            C: RCPT TO:<list@example.org>
            C: DATA
            C: Subject: early
            C: .
            S: 250
            S: 250
            S: 554 5.5.0
            S: closed
            """);
        house.Reception.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_behind_a_refused_DATA_is_not_obeyed_as_commands()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("""
            S: 220
            C: EHLO client.example
            S: 250
            C: MAIL FROM:<a@client.example>
            C: RCPT TO:<nobody@elsewhere.example>
            C: DATA
            C: RSET
            C: MAIL FROM:<evil@client.example>
            S: 250
            S: 550 5.1.1
            S: 554 5.5.0
            S: closed
            """);
        house.Reception.Senders.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_breaks_off_is_forgotten()
    {
        await using var house = await House.OpenAsync();
        await using (var caller = await house.CallAsync())
        {
            await caller.PlayAsync(Envelope);
            await caller.SendAsync("half a message\r\n");
        }
        await Until.TrueAsync(() => house.Reception is { Opened: 1, StillOpen: 0 });
        house.Reception.Messages.ShouldBeEmpty();
    }
}
