using System.Text;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

public sealed class SmtpClientConnectionTests
{
    private const string Header = "From: a@example.org\r\nSubject: x\r\n\r\n";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_envelope_goes_out_in_one_group_where_pipelining_is_offered()
    {
        var early = new List<bool>();
        await using var peer = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                await session.HearAsync();
                await session.SayAsync("250-peer\r\n250 PIPELINING");

                // Not a word before DATA has come.
                string[] group = [await session.HearAsync() ?? "", await session.HearAsync() ?? "", await session.HearAsync() ?? "", await session.HearAsync() ?? ""];
                early.Add(group[3] == "DATA");
                await session.SendAsync("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n");
                await session.HearDataAsync();
                await session.SayAsync("250 2.0.0 taken");
                await session.HearAsync();
            },
        };
        await using var connection = await OpenAsync(peer);
        var outcomes = await connection.SendAsync(Transaction("b@example.com", "c@example.com"), null, Stop);
        early.ShouldBe([true]);
        outcomes.Select(o => o.Outcome.Kind).ShouldAllBe(k => k == OutcomeKind.Delivered);
    }

    [Fact]
    public async Task Commands_wait_for_their_replies_where_pipelining_is_not_offered()
    {
        var hurried = 0;
        Peer? peer = null;
        await using var _ = peer = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                while (await session.HearAsync() is { } line)
                {
                    await Task.Delay(20, session.End);
                    hurried += session.HasHeardMore ? 1 : 0;
                    await session.SayAsync(line == "DATA" ? "354 go" : "250 ok");
                    if (line == "DATA")
                    {
                        await session.HearDataAsync();
                        await session.SayAsync("250 taken");
                    }
                }
            },
        };
        await using var connection = await OpenAsync(peer);
        var outcomes = await connection.SendAsync(Transaction("b@example.com", "c@example.com"), Transaction("d@example.com"), Stop);
        hurried.ShouldBe(0);
        outcomes.Length.ShouldBe(2);
        outcomes.ShouldAllBe(o => o.Outcome.Kind == OutcomeKind.Delivered);
    }

    [Theory]
    [InlineData("PIPELINING")]
    [InlineData("")]
    public async Task Recipients_are_told_apart(string extension)
    {
        await using var peer = new Peer
        {
            Extensions = extension.Length == 0 ? [] : [extension],
            On = line => line switch
            {
                "RCPT TO:<gone@example.com>" => "550-5.1.1 no such\r\n550 5.1.1 user here",
                "RCPT TO:<full@example.com>" => "452 4.2.2 mailbox full",
                "RCPT TO:<odd@example.com>" => "354 what?",
                "RCPT TO:<many@example.com>" => "552 too many recipients",
                _ => null,
            },
        };
        await using var connection = await OpenAsync(peer);
        string[] recipients = ["gone@example.com", "good@example.com", "full@example.com", "odd@example.com", "many@example.com"];
        var outcomes = await connection.SendAsync(Transaction(recipients), null, Stop);

        outcomes.Select(o => o.Recipient).ShouldBe(recipients);
        outcomes.Select(o => o.Outcome.Kind).ShouldBe([OutcomeKind.Refused, OutcomeKind.Delivered, OutcomeKind.Deferred, OutcomeKind.Deferred, OutcomeKind.Deferred]);
        outcomes[0].Outcome.Reply.ShouldBe(new Smtp.SmtpReply(550, "5.1.1", "no such\nuser here"));
        outcomes[0].Outcome.ToString().ShouldBe($"localhost[127.0.0.1]:{peer.Port} said to RCPT TO: 550 5.1.1 no such user here");
        outcomes[4].Outcome.IsTooManyRecipients.ShouldBeTrue();
        outcomes[2].Outcome.IsTooManyRecipients.ShouldBeTrue();
        peer.Messages.ShouldHaveSingleItem().Recipients.ShouldBe(["<good@example.com>"]);
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 blocked by policy", OutcomeKind.Refused, SessionPhase.Mail, "5.7.1")]
    [InlineData("MAIL", "451 4.7.1 greylisted", OutcomeKind.Deferred, SessionPhase.Mail, "4.7.1")]
    [InlineData("DATA", "554 5.7.0 no", OutcomeKind.Refused, SessionPhase.Data, "5.7.0")]
    [InlineData("DATA", "451 later", OutcomeKind.Deferred, SessionPhase.Data, "")]
    [InlineData(".", "554 5.7.26 DMARC", OutcomeKind.Refused, SessionPhase.Final, "5.7.26")]
    [InlineData(".", "452 4.3.1 disk full", OutcomeKind.Deferred, SessionPhase.Final, "4.3.1")]
    [InlineData(".", "354 more?", OutcomeKind.Deferred, SessionPhase.Final, "")]
    [InlineData(".", "close", OutcomeKind.Deferred, SessionPhase.Final, "4.4.2")]
    [InlineData("DATA", "close", OutcomeKind.Deferred, SessionPhase.Data, "4.4.2")]
    public async Task A_reply_to_the_whole_transaction_is_every_recipients(string verb, string reply, OutcomeKind kind, SessionPhase phase, string enhanced)
    {
        foreach (string[] extensions in new[] { new[] { "PIPELINING" }, [] })
        {
            await using var peer = new Peer { Extensions = extensions, On = line => line.StartsWith(verb, StringComparison.Ordinal) ? reply : null };
            await using var connection = await OpenAsync(peer);
            var outcomes = await connection.SendAsync(Transaction("b@example.com", "c@example.com"), null, Stop);
            outcomes.Length.ShouldBe(2);
            outcomes.ShouldAllBe(o => o.Outcome.Kind == kind && o.Outcome.Phase == phase && o.Outcome.Reply.EnhancedCode == enhanced);
            peer.Messages.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("PIPELINING", "354 go")]
    [InlineData("PIPELINING", "503 5.5.1 no recipients")]
    [InlineData("", "354 go")]
    public async Task After_a_transaction_that_came_to_nothing_the_next_one_is_whole(string extension, string data)
    {
        var first = true;
        await using var peer = new Peer
        {
            Extensions = extension.Length == 0 ? [] : [extension],
            On = line => line.StartsWith("RCPT", StringComparison.Ordinal) && first ? "550 5.1.1 no"
                : line == "DATA" && first ? data
                : line == "RSET" && (first = false) ? null : null,
        };
        await using var connection = await OpenAsync(peer);
        var one = await connection.SendAsync(Transaction("b@example.com"), null, Stop);
        var two = await connection.SendAsync(Transaction("c@example.com"), null, Stop);
        one[0].Outcome.Kind.ShouldBe(OutcomeKind.Refused);
        two[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        peer.Commands.ShouldContain("RSET");
        peer.SessionCount.ShouldBe(1);
        peer.Messages.Where(m => m.Octets.Length > 0).ShouldHaveSingleItem().Recipients.ShouldBe(["<c@example.com>"]);
    }

    [Fact]
    public async Task Where_MAIL_is_refused_and_DATA_is_not_nobody_gets_an_empty_message()
    {
        await using var peer = new Peer
        {
            On = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "550 no" : line.StartsWith("RCPT", StringComparison.Ordinal) ? "250 ok" : line == "DATA" ? "354 go" : null,
        };
        await using var connection = await OpenAsync(peer);
        (await connection.SendAsync(Transaction("b@example.com"), null, Stop))[0].Outcome.Kind.ShouldBe(OutcomeKind.Refused);
        connection.IsUsable.ShouldBeFalse();
        await connection.DisposeAsync();
        peer.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_envelope_goes_out_behind_the_final_dot()
    {
        var together = false;
        await using var peer = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                await session.HearAsync();
                await session.SayAsync("250-peer\r\n250 PIPELINING");
                for (var i = 0; i < 3; i++)
                {
                    await session.HearAsync();
                }

                await session.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
                await session.HearDataAsync();
                together = await session.HearAsync() is "MAIL FROM:<list-bounces@example.org>"
                    && await session.HearAsync() == "RCPT TO:<c@example.com>" && await session.HearAsync() == "DATA";
                await session.SendAsync("250 taken 1\r\n250 ok\r\n250 ok\r\n354 go\r\n");
                await session.HearDataAsync();
                await session.SendAsync("250 taken 2\r\n");
                await session.HearAsync();
            },
        };
        await using var connection = await OpenAsync(peer);
        var next = Transaction("c@example.com");
        var one = await connection.SendAsync(Transaction("b@example.com"), next, Stop);
        var two = await connection.SendAsync(next, null, Stop);
        together.ShouldBeTrue();
        one[0].Outcome.Reply.Text.ShouldBe("taken 1");
        two[0].Outcome.Reply.Text.ShouldBe("taken 2");
        connection.Completed.ShouldBe(2);
    }

    [Fact]
    public async Task Announcing_one_transaction_and_sending_another_is_a_mistake()
    {
        await using var peer = new Peer();
        await using var connection = await OpenAsync(peer);
        await connection.SendAsync(Transaction("b@example.com"), Transaction("c@example.com"), Stop);
        await Should.ThrowAsync<InvalidOperationException>(() => connection.SendAsync(Transaction("d@example.com"), null, Stop));
    }

    [Fact]
    public async Task A_connection_that_says_421_is_not_used_again()
    {
        await using var peer = new Peer { On = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "421 4.3.2 going down" : null };
        await using var connection = await OpenAsync(peer);
        var outcome = (await connection.SendAsync(Transaction("b@example.com"), null, Stop))[0].Outcome;
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        outcome.Reply.Code.ShouldBe(421);
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_says_more_than_it_was_asked_gets_no_second_transaction()
    {
        await using var peer = new Peer { On = line => line == "." ? "250 taken\r\n250 and more" : null };
        await using var connection = await OpenAsync(peer);
        (await connection.SendAsync(Transaction("b@example.com"), null, Stop))[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task Words_said_while_we_still_send_are_heard()
    {
        await using var peer = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                await session.HearAsync();
                await session.SayAsync("250-peer\r\n250 PIPELINING");
                for (var i = 0; i < 3; i++)
                {
                    await session.HearAsync();
                }

                await session.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n552 5.3.4 too large\r\n");
                session.StopHearing();
            },
        };
        await using var connection = await OpenAsync(peer);
        var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789\r\n", 2_000_000)));
        var transaction = new OutboundTransaction("x@example.org", ["b@example.com"], new CopyOctets(new CopyPart(Encoding.ASCII.GetBytes(Header)), new CopyPart(body)));
        var outcome = (await connection.SendAsync(transaction, null, Stop))[0].Outcome;
        outcome.Kind.ShouldNotBe(OutcomeKind.Delivered);
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stop_before_the_final_dot_sends_none()
    {
        using var stop = new CancellationTokenSource();
        await using var peer = new Peer
        {
            On = line =>
            {
                if (line == "DATA")
                {
                    stop.Cancel();
                }

                return null;
            },
        };
        await using var connection = await OpenAsync(peer);
        var outcome = (await connection.SendAsync(Transaction("b@example.com"), null, stop.Token))[0].Outcome;
        outcome.Cause.ShouldBe(OutcomeCause.Stopped);
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        await connection.DisposeAsync();
        peer.Commands.ShouldNotContain(".");
    }

    [Fact]
    public async Task A_stop_behind_the_final_dot_waits_for_the_reply()
    {
        using var stop = new CancellationTokenSource();
        await using var peer = new Peer
        {
            On = line =>
            {
                if (line == ".")
                {
                    stop.Cancel();
                }

                return null;
            },
            Delay = TimeSpan.FromMilliseconds(50),
        };
        await using var connection = await OpenAsync(peer);
        (await connection.SendAsync(Transaction("b@example.com"), null, stop.Token))[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
    }

    private static async Task<SmtpClientConnection> OpenAsync(Peer peer) =>
        (await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(peer.Hop(), Stop)).Connection!;

    private static OutboundTransaction Transaction(params string[] recipients) =>
        new("list-bounces@example.org", [.. recipients], CopyOctets.Whole(Encoding.ASCII.GetBytes(Header + "hello\r\n")));
}
