using System.Text;
using ListServer.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Outbound;

public sealed class HostileServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BrokenBanners => new()
    {
        { "SSH-2.0-OpenSSH_9.9\r\n", "no SMTP reply" },
        { "22\r\n", "no SMTP reply" },
        { "220x\r\n", "no SMTP reply" },
        { "620 x\r\n", "no SMTP reply" },
        { "220 " + new string('x', 3000) + "\r\n", "larger" },
        { new string('2', 3000), "larger" },
        { string.Concat(Enumerable.Repeat("220-" + new string('x', 1000) + "\r\n", 70)), "larger" },
        { "", "closed" },
        { "220-half", "closed" },
        { "250 ok\r\n", "out of place: 250 ok" },
    };

    [Theory]
    [MemberData(nameof(BrokenBanners))]
    public async Task What_is_no_reply_of_decent_size_defers(string banner, string why)
    {
        await using var peer = new Peer { Script = session => session.SendAsync(banner) };
        var opened = await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(peer.Hop(), Stop);
        opened.IsOpen.ShouldBeFalse();
        opened.Failure.Kind.ShouldBe(OutcomeKind.Deferred);
        opened.Failure.Cause.ShouldBe(OutcomeCause.Connection);
        opened.Failure.Phase.ShouldBe(SessionPhase.Banner);
        opened.Failure.Reply.Text.ShouldContain(why);
    }

    [Theory]
    [InlineData("554 5.7.1 your address is on our list", OutcomeKind.Deferred, 554)]
    [InlineData("521 no mail here", OutcomeKind.Refused, 521)]
    [InlineData("421 4.7.0 too many connections", OutcomeKind.Deferred, 421)]
    public async Task A_banner_that_refuses_is_kept_word_by_word(string banner, OutcomeKind kind, int code)
    {
        await using var peer = new Peer { Banner = banner };
        var opened = await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(peer.Hop(), Stop);
        opened.Failure!.Kind.ShouldBe(kind);
        opened.Failure.Cause.ShouldBe(OutcomeCause.Reply);
        opened.Failure.Reply.Code.ShouldBe(code);
        banner.ShouldEndWith(opened.Failure.Reply.Text);
    }

    [Fact]
    public async Task A_server_that_knows_HELO_only_gets_mail()
    {
        await using var peer = new Peer { On = line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "502 5.5.1 what?" : null };
        await using var connection = (await new SmtpConnector(new OutboundOptions { HeloName = "lists.example.org" }, TimeProvider.System).OpenAsync(peer.Hop(), Stop)).Connection!;
        (await connection.SendAsync(Transaction(), null, Stop))[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        peer.Commands.Take(3).ShouldBe(["EHLO lists.example.org", "HELO lists.example.org", "MAIL FROM:<>"]);
    }

    [Fact]
    public async Task Nobody_listening_defers()
    {
        var peer = new Peer();
        var hop = peer.Hop();
        await peer.DisposeAsync();
        var opened = await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(hop, Stop);
        opened.Failure!.Phase.ShouldBe(SessionPhase.Connect);
        opened.Failure.Reply.EnhancedCode.ShouldBe("4.4.1");
        opened.Failure.Kind.ShouldBe(OutcomeKind.Deferred);
    }

    [Fact]
    public async Task A_reply_has_one_deadline_however_it_drips()
    {
        var clock = new FakeTimeProvider();
        await using var peer = new Peer
        {
            Script = async session =>
            {
                // One octet a second, for ever.
                await session.SendAsync("220-");
                while (true)
                {
                    await session.SendAsync("x");
                    clock.Advance(TimeSpan.FromSeconds(1));
                    await Task.Delay(1, session.End);
                }
            },
        };
        var opened = await new SmtpConnector(new OutboundOptions { CommandTimeout = TimeSpan.FromSeconds(60) }, clock).OpenAsync(peer.Hop(), Stop);
        opened.Failure!.Reply.Text.ShouldBe("no answer within 60 s");
        opened.Failure.Kind.ShouldBe(OutcomeKind.Deferred);
    }

    [Theory]
    [InlineData("EHLO", SessionPhase.Hello, 10)]
    [InlineData("MAIL", SessionPhase.Mail, 10)]
    [InlineData("RCPT", SessionPhase.Recipient, 10)]
    [InlineData("DATA", SessionPhase.Data, 10)]
    [InlineData(".", SessionPhase.Final, 90)]
    public async Task Silence_ends_with_the_phases_deadline(string verb, SessionPhase phase, int seconds)
    {
        var clock = new FakeTimeProvider();
        using var silent = new SemaphoreSlim(0);
        await using var peer = new Peer
        {
            Extensions = [],
            On = line => !line.StartsWith(verb, StringComparison.Ordinal) ? null : Hold(),
        };
        string Hold()
        {
            // The client waits by now or will at once; the clock moves until it has given up.
            silent.Release();
            return "never";
        }

        var options = new OutboundOptions { CommandTimeout = TimeSpan.FromSeconds(10), FinalTimeout = TimeSpan.FromSeconds(90) };
        var attempt = AttemptAsync(peer, options, clock);
        await silent.WaitAsync(Stop);
        var moved = 0;
        while (!attempt.IsCompleted && moved < 100)
        {
            await Task.WhenAny(attempt, Task.Delay(20, Stop));
            clock.Advance(TimeSpan.FromSeconds(5));
            moved += 5;
        }

        var outcome = await attempt;
        outcome.Phase.ShouldBe(phase);
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        outcome.Reply.Text.ShouldBe($"no answer within {seconds} s");
    }

    [Fact]
    public async Task A_server_that_does_not_take_octets_is_left_at_the_deadline()
    {
        var clock = new FakeTimeProvider();
        await using var peer = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                await session.HearAsync();
                await session.SayAsync("250-peer\r\n250 PIPELINING");
                await session.HearAsync();
                await session.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
                while (true)
                {
                    await Task.Delay(10, session.End);
                    clock.Advance(TimeSpan.FromSeconds(1));
                }
            },
        };
        var body = new CopyPart(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcdef\r\n", 2_000_000))));
        var outcome = await AttemptAsync(peer, new OutboundOptions { DataTimeout = TimeSpan.FromSeconds(30) }, clock, body);
        outcome.Phase.ShouldBe(SessionPhase.Content);
        outcome.Reply.Text.ShouldBe("no answer within 30 s");
    }

    [Fact]
    public async Task Words_of_a_server_lose_their_control_characters()
    {
        await using var peer = new Peer { On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 \u001b[31mred\u0007\u0085 caf\u00e9" : null };
        var outcome = await AttemptAsync(peer, new OutboundOptions(), TimeProvider.System);
        outcome.Reply.Text.ShouldBe("?[31mred?? caf\u00e9");
    }

    private static async Task<Outcome> AttemptAsync(Peer peer, OutboundOptions options, TimeProvider clock, CopyPart? body = null)
    {
        var opened = await new SmtpConnector(options, clock).OpenAsync(peer.Hop(), Stop);
        if (!opened.IsOpen)
        {
            return opened.Failure;
        }

        await using var connection = opened.Connection;
        return (await connection.SendAsync(Transaction(body), null, Stop))[0].Outcome;
    }

    private static OutboundTransaction Transaction(CopyPart? body = null) =>
        new("", ["b@example.com"], new CopyOctets(new CopyPart("A: b\r\n\r\n"u8.ToArray()), body ?? CopyPart.Empty));
}
