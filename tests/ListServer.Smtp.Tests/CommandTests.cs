namespace ListServer.Smtp.Tests;

public sealed class CommandTests
{
    public static TheoryData<string, string> Dialogues => new()
    {
        { "MAIL needs a hello", "C: MAIL FROM:<a@b.example>\nS: 503 5.5.1" },
        { "RCPT needs MAIL", "C: EHLO c\nS: 250\nC: RCPT TO:<list@example.org>\nS: 503 5.5.1" },
        { "DATA needs MAIL", "C: EHLO c\nS: 250\nC: DATA\nS: 503 5.5.1" },
        { "DATA needs a recipient", "C: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: DATA\nS: 554 5.5.1\nC: RSET\nS: 250" },
        { "MAIL does not nest", "C: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250 2.1.0\nC: MAIL FROM:<>\nS: 503 5.5.1" },
        { "RSET forgets", "C: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RSET\nS: 250 2.0.0\nC: MAIL FROM:<>\nS: 250" },
        { "EHLO forgets", "C: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: EHLO c\nS: 250\nC: RCPT TO:<list@example.org>\nS: 503" },
        { "a refused EHLO forgets nothing", "C: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: EHLO\nS: 501\nC: RCPT TO:<list@example.org>\nS: 250" },
        { "no arguments for DATA, RSET, QUIT", "C: DATA x\nS: 501 5.5.4\nC: RSET x\nS: 501 5.5.4\nC: QUIT x\nS: 501 5.5.4" },
        { "trailing space is nothing", "C: EHLO c   \nS: 250\nR: RSET  \\r\\n\nS: 250\nR: QUIT \\r\\n\nS: 221" },
        { "NOOP, VRFY, HELP", "C: NOOP\nS: 250 2.0.0\nC: noop x y\nS: 250\nC: VRFY list\nS: 252 2.1.5\nC: VRFY\nS: 501\nC: HELP\nS: 214 2.0.0" },
        { "QUIT closes", "C: QUIT\nS: 221 2.0.0 Bye\nS: closed" },
        { "what is not offered", "C: EXPN list\nS: 502 5.5.1\nC: TURN\nS: 502 5.5.1\nC: ETRN x\nS: 502 5.5.1" },
        { "unknown commands", "C: FOO\nS: 500 5.5.1\nC: MAILFROM:<a@b.example>\nS: 500 5.5.1\nR: \\r\\n\nS: 500\nC: ABCDEFGHIJKLMNOPQRSTUVWXYZ\nS: 500" },
        { "a leading space", "R:  NOOP\\r\\n\nS: 500 5.5.1" },
        { "a browser", "C: POST / HTTP/1.1\nC: Host: mx.example.org\nS: 554 5.5.1\nS: closed" },
        { "a bare LF ends the session", "R: EHLO c\\nMAIL FROM:<a@b.example>\\r\\n\nS: 500 5.5.2\nS: closed" },
        { "a bare CR is refused", "R: NOOP\\rNOOP\\r\\n\nS: 500 5.5.2\nC: NOOP\nS: 250" },
        { "a NUL is refused", "R: NOOP \\0\\r\\n\nS: 500 5.5.2\nC: NOOP\nS: 250" },
        { "a tab is refused", "R: NOOP\\x09\\r\\n\nS: 500 5.5.2" },
        { "octets that are no UTF-8 are refused", "R: NOOP \\xff\\r\\n\nS: 500 5.5.2\nC: NOOP\nS: 250" },
        { "AUTH is not for relays", "C: EHLO c\nS: 250\nC: AUTH PLAIN AGEAYg==\nS: 502 5.5.1" },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Commands_are_answered_by_the_state_they_come_in(string fact, string dialogue)
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("S: 220\n" + dialogue);
        house.Reception.Messages.ShouldBeEmpty(fact);
    }

    [Fact]
    public async Task A_pipelined_group_is_answered_in_order()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("""
            S: 220
            C: EHLO client.example
            S: 250
            C: MAIL FROM:<a@client.example> BODY=8BITMIME SIZE=10
            C: RCPT TO:<list@example.org>
            C: RCPT TO:<nobody@elsewhere.example>
            C: RCPT TO:<Postmaster>
            C: DATA
            S: 250 2.1.0
            S: 250 2.1.5
            S: 550 5.1.1
            S: 250 2.1.5
            S: 354
            C: Subject: one
            C:
            C: ..
            C: .
            C: RSET
            C: MAIL FROM:<>
            C: RCPT TO:<other@example.org>
            C: DATA
            S: 250 2.0.0 Kept
            S: 250 2.0.0
            S: 250 2.1.0
            S: 250 2.1.5
            S: 354
            C: two
            C: .
            C: QUIT
            S: 250 2.0.0 Kept
            S: 221 2.0.0
            S: closed
            """);
        var messages = house.Reception.Messages.ToArray();
        messages.Length.ShouldBe(2);
        messages[0].Transaction.ReversePath.ShouldBe("a@client.example");
        messages[0].Transaction.ForwardPaths.ShouldBe(["list@example.org", "Postmaster"]);
        messages[0].Transaction.IsEightBit.ShouldBeTrue();
        messages[0].Transaction.DeclaredSize.ShouldBe(10);
        messages[0].Transaction.IsSmtpUtf8.ShouldBeFalse();
        messages[0].Octets.ShouldBe("Subject: one\r\n\r\n.\r\n");
        messages[1].Transaction.ReversePath.ShouldBe("");
        messages[1].Octets.ShouldBe("two\r\n");
    }

    [Theory]
    [InlineData("", "250 2.1.0")]
    [InlineData(" SIZE=0", "250 2.1.0")]
    [InlineData(" SIZE=26214400", "250 2.1.0")]
    [InlineData(" SIZE=26214401", "552 5.3.4")]
    [InlineData(" SIZE=99999999999999999999", "552 5.3.4")]
    [InlineData(" SIZE=999999999999999999999", "501 5.5.4")]
    [InlineData(" SIZE=-1", "501 5.5.4")]
    [InlineData(" SIZE=", "501 5.5.4")]
    [InlineData(" SIZE", "501 5.5.4")]
    [InlineData(" SIZE=1 SIZE=2", "501 5.5.4")]
    [InlineData(" SMTPUTF8 SIZE=1 SMTPUTF8 SIZE=1", "250 2.1.0")]
    [InlineData(" BODY=7BIT", "250 2.1.0")]
    [InlineData(" body=8bitmime  size=5", "250 2.1.0")]
    [InlineData(" BODY=BINARYMIME", "501 5.5.4")]
    [InlineData(" SMTPUTF8", "250 2.1.0")]
    [InlineData(" SMTPUTF8=yes", "501 5.5.4")]
    [InlineData(" AUTH=<>", "250 2.1.0")]
    [InlineData(" AUTH=a+40b.example", "250 2.1.0")]
    [InlineData(" AUTH=+0D+0A", "501 5.5.4")]
    [InlineData(" AUTH", "501 5.5.4")]
    [InlineData(" RET=FULL", "555 5.5.4")]
    [InlineData(" FOO=1", "555 5.5.4")]
    [InlineData(" =", "555 5.5.4")]
    [InlineData("SIZE=1", "501 5.1.7")]
    public async Task Parameters_of_MAIL_are_read_strictly(string parameters, string reply)
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync($"S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<a@b.example>{parameters}\nS: {reply}");
    }

    [Theory]
    [InlineData("MAIL FROM:a@b.example", "501 5.1.7")]
    [InlineData("MAIL FROM <a@b.example>", "501 5.1.7")]
    [InlineData("MAIL TO:<a@b.example>", "501 5.1.7")]
    [InlineData("MAIL", "501 5.1.7")]
    [InlineData("MAIL FROM:<postmaster>", "501 5.1.7")]
    [InlineData("MAIL FROM: <a@b.example>", "250 2.1.0")]
    [InlineData("mail from:<@x.example,@y.example:a@b.example>", "250 2.1.0")]
    [InlineData("RCPT TO:<>", "501 5.1.3")]
    [InlineData("RCPT TO:<list>", "501 5.1.3")]
    [InlineData("RCPT TO:list@example.org", "501 5.1.3")]
    [InlineData("RCPT TO:<list@example.org> NOTIFY=NEVER", "555 5.5.4")]
    [InlineData("RCPT TO:<@relay.example:list@example.org>", "250 2.1.5")]
    [InlineData("RCPT TO:<\"list\"@example.org>", "250 2.1.5")]
    [InlineData("RCPT TO:<list@example.org>,<other@example.org>", "501 5.1.3")]
    public async Task Paths_stand_in_angle_brackets_behind_their_keyword(string command, string reply)
    {
        await using var house = await House.OpenAsync();
        var mail = command.StartsWith("RCPT", StringComparison.Ordinal) ? "C: MAIL FROM:<>\nS: 250\n" : "";
        await house.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{mail}C: {command}\nS: {reply}");
    }

    [Theory]
    [InlineData("MAIL FROM:<p\\xc3\\xa9@b.example>", "553 5.6.7")]
    [InlineData("MAIL FROM:<p\\xc3\\xa9@b.example> SMTPUTF8", "250 2.1.0")]
    [InlineData("MAIL FROM:<a@b.example>\\r\\nRCPT TO:<p\\xc3\\xa9@example.org>", "553 5.6.7")]
    [InlineData("MAIL FROM:<a@b.example> SMTPUTF8\\r\\nRCPT TO:<p\\xc3\\xa9@example.org>", "250 2.1.5")]
    public async Task Addresses_that_are_not_ASCII_need_SMTPUTF8(string commands, string reply)
    {
        await using var house = await House.OpenAsync();
        var mail = commands.Contains("RCPT", StringComparison.Ordinal) ? "S: 250\n" : "";
        await house.PlayAsync($"S: 220\nC: EHLO c\nS: 250\nR: {commands}\\r\\n\n{mail}S: {reply}");
    }
}
