using System.Text;
using CsCheck;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

public sealed class OctetsOnTheWireTests
{
    private static readonly byte[] Header = "From: a@example.org\r\nSubject: x\r\n\r\n"u8.ToArray();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hello\r\n", "hello\r\n")]
    [InlineData("", "")]
    [InlineData("no line end", "no line end\r\n")]
    [InlineData(".\r\n", ".\r\n")]
    [InlineData("..\r\n.a\r\nb.\r\n\r\n.\r\n", "..\r\n.a\r\nb.\r\n\r\n.\r\n")]
    [InlineData(".\r\nMAIL FROM:<x@y>\r\n", ".\r\nMAIL FROM:<x@y>\r\n")]
    [InlineData("caf\u00e9\r\n", "caf\u00e9\r\n")]
    public async Task The_body_arrives_as_it_was(string body, string arrived)
    {
        await using var peer = new Peer();
        await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart(Encoding.Latin1.GetBytes(body))));
        var received = peer.Messages.ShouldHaveSingleItem();
        received.Octets.ShouldBe([.. Header, .. Encoding.Latin1.GetBytes(arrived)]);
    }

    [Fact]
    public async Task Any_octets_arrive_as_they_were_whatever_block_they_fall_in()
    {
        // Dots at line starts around the block size of 64 KB, and lines of any length with octets of any value.
        var line = Gen.OneOf(Gen.Const(".\r\n"u8.ToArray()), Gen.Const("\r\n"u8.ToArray()), Gen.Const("..x\r\n"u8.ToArray()),
            Gen.Byte.Where(b => b is not (0 or 10 or 13)).Array[0, 300].Select(b => (byte[])[.. b, 13, 10]));
        var body = Gen.Select(line.Array[0, 20], Gen.Int[DotStuffingBlock - 40, DotStuffingBlock + 40], line.Array[0, 400])
            .Select((head, filler, tail) => (byte[])[.. head.SelectMany(l => l), .. Enumerable.Repeat((byte)'f', filler), 13, 10, .. tail.SelectMany(l => l)]);
        await using var peer = new Peer();
        await body.SampleAsync(
            async octets =>
            {
                await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart(octets)));
                peer.Messages.TryDequeue(out var received).ShouldBeTrue();
                received.Octets.AsSpan().SequenceEqual((byte[])[.. Header, .. octets]).ShouldBeTrue();
            },
            iter: 60, threads: 1);
    }

    [Theory]
    [InlineData("a\rb\r\n", "bare CR at octet 1 in the body")]
    [InlineData("a\nb\r\n", "bare LF at octet 1 in the body")]
    [InlineData("\n.\r\n", "bare LF at octet 0 in the body")]
    [InlineData("a\0b\r\n", "NUL at octet 1 in the body")]
    [InlineData("a\r\n.\r", "bare CR at octet 4 in the body")]
    public async Task Octets_that_could_end_the_message_elsewhere_are_never_emitted(string body, string fault)
    {
        await using var peer = new Peer();
        var outcome = await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart(Encoding.Latin1.GetBytes(body))));
        outcome.Kind.ShouldBe(OutcomeKind.Refused);
        outcome.Cause.ShouldBe(OutcomeCause.BadOctets);
        outcome.Reply.EnhancedCode.ShouldBe("5.6.0");
        outcome.Reply.Text.ShouldEndWith(fault);
        peer.Commands.ShouldNotContain(c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_block_that_does_not_end_its_line_is_never_joined_to_a_body()
    {
        await using var peer = new Peer();
        var outcome = await SendAsync(peer, new CopyOctets(new CopyPart("Subject: x"u8.ToArray()), new CopyPart("y\r\n"u8.ToArray())));
        outcome.Cause.ShouldBe(OutcomeCause.BadOctets);
    }

    [Fact]
    public async Task Eight_bit_octets_are_announced_and_the_size_is_told()
    {
        await using var peer = new Peer();
        await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart("é\r\n"u8.ToArray())));
        await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart("e"u8.ToArray())));
        peer.Messages.Select(m => m.Mail).ShouldBe(
            [$"<list-bounces@example.org> SIZE={Header.Length + 4} BODY=8BITMIME", $"<list-bounces@example.org> SIZE={Header.Length + 3}"]);
    }

    [Fact]
    public async Task Eight_bit_octets_are_not_sent_where_8BITMIME_is_not_offered()
    {
        await using var peer = new Peer { Extensions = ["PIPELINING"] };
        var outcome = await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart("é\r\n"u8.ToArray())));
        outcome.Kind.ShouldBe(OutcomeKind.Refused);
        outcome.Cause.ShouldBe(OutcomeCause.EightBitNotOffered);
        outcome.Reply.EnhancedCode.ShouldBe("5.6.3");
        peer.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_larger_than_the_servers_SIZE_is_not_sent()
    {
        await using var peer = new Peer { Extensions = ["PIPELINING", "SIZE 40"] };
        var outcome = await SendAsync(peer, new CopyOctets(new CopyPart(Header), new CopyPart("more than that\r\n"u8.ToArray())));
        outcome.Cause.ShouldBe(OutcomeCause.TooLarge);
        outcome.Reply.EnhancedCode.ShouldBe("5.3.4");
        peer.Messages.ShouldBeEmpty();
    }

    private const int DotStuffingBlock = 64 * 1024;

    private static async Task<Outcome> SendAsync(Peer peer, CopyOctets copy)
    {
        var opened = await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(peer.Hop(), Stop);
        var outcomes = await opened.Connection!.SendAsync(new OutboundTransaction("list-bounces@example.org", ["b@example.com"], copy), null, Stop);
        await opened.Connection.QuitAsync();
        return outcomes[0].Outcome;
    }
}
