using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

public sealed class AddressesOnTheWireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("b@example.com>\r\nRCPT TO:<victim@example.com")]
    [InlineData("b@example.com\r\nDATA")]
    [InlineData("b@exa\nmple.com")]
    [InlineData("b\r@example.com")]
    [InlineData("b\0@example.com")]
    [InlineData("b@example.com> NOTIFY=SUCCESS")]
    [InlineData("<b@example.com")]
    [InlineData("b c@example.com")]
    [InlineData("b@example.com SIZE=1")]
    [InlineData("\u007fb@example.com")]
    [InlineData("b\u0085@example.com")]
    [InlineData("b\ud800@example.com")]
    [InlineData("b@")]
    [InlineData("@example.com")]
    [InlineData("nobody")]
    [InlineData("")]
    [InlineData("b@\u2026 \u00e9")]
    public async Task An_address_that_could_be_read_as_a_command_is_never_written(string address)
    {
        await using var peer = new Peer();
        var results = await SendAsync(peer, "list-bounces@example.org", address, "good@example.com");
        results[0].Outcome.Cause.ShouldBe(OutcomeCause.BadAddress);
        results[0].Outcome.Reply.EnhancedCode.ShouldBe("5.1.3");
        results[1].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        peer.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)).ShouldBe(["RCPT TO:<good@example.com>"]);
    }

    [Fact]
    public async Task A_return_address_that_could_be_read_as_a_command_is_never_written()
    {
        await using var peer = new Peer();
        var results = await SendAsync(peer, "x@example.org>\r\nRSET", "good@example.com");
        results[0].Outcome.Cause.ShouldBe(OutcomeCause.BadAddress);
        results[0].Outcome.Reply.EnhancedCode.ShouldBe("5.1.7");
        peer.Commands.ShouldNotContain(c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_longer_than_a_path_is_refused_here()
    {
        await using var peer = new Peer();
        var results = await SendAsync(peer, "", new string('a', 250) + "@b.example");
        results[0].Outcome.Cause.ShouldBe(OutcomeCause.BadAddress);
    }

    [Theory]
    [InlineData("", "b@example.com", "<>", "<b@example.com>")]
    [InlineData("x+b=example.com@example.org", "\"a b\"@example.com", "<x+b=example.com@example.org>", "<\"a b\"@example.com>")]
    [InlineData("", "b@b\u00fccher.example", "<>", "<b@xn--bcher-kva.example>")]
    [InlineData("", "b\u00fc@b\u00fccher.example", "<> SMTPUTF8", "<b\u00fc@b\u00fccher.example>")]
    [InlineData("", "b@[192.0.2.1]", "<>", "<b@[192.0.2.1]>")]
    public async Task SMTPUTF8_is_said_only_when_an_address_needs_it(string from, string to, string mail, string recipient)
    {
        await using var peer = new Peer { Extensions = ["PIPELINING", "SMTPUTF8"] };
        (await SendAsync(peer, from, to))[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        var received = peer.Messages.ShouldHaveSingleItem();
        received.Mail.ShouldBe(mail);
        received.Recipients.ShouldBe([recipient]);
    }

    [Fact]
    public async Task Without_SMTPUTF8_only_the_recipient_that_needs_it_is_refused()
    {
        await using var peer = new Peer { Extensions = ["PIPELINING"] };
        var results = await SendAsync(peer, "", "b\u00fc@example.com", "good@example.com");
        results[0].Outcome.Cause.ShouldBe(OutcomeCause.Utf8NotOffered);
        results[0].Outcome.Reply.EnhancedCode.ShouldBe("5.6.7");
        results[1].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
    }

    private static async Task<IReadOnlyList<RecipientResult>> SendAsync(Peer peer, string from, params string[] to)
    {
        var opened = await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(peer.Hop(), Stop);
        var results = await opened.Connection!.SendAsync(new OutboundTransaction(from, [.. to], CopyOctets.Whole("A: b\r\n\r\nc\r\n"u8.ToArray())), null, Stop);
        await opened.Connection.QuitAsync();
        return results;
    }
}
