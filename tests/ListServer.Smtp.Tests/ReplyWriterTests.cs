using System.Buffers;
using System.Text;

namespace ListServer.Smtp.Tests;

public sealed class ReplyWriterTests
{
    [Theory]
    [InlineData("OK", "250 2.0.0 OK\r\n")]
    [InlineData("", "250 2.0.0 \r\n")]
    [InlineData("one\ntwo", "250-2.0.0 one\r\n250 2.0.0 two\r\n")]
    [InlineData("one\n", "250-2.0.0 one\r\n250 2.0.0 \r\n")]
    [InlineData("a\r\n250 b\tc\u00e9", "250-2.0.0 a?\r\n250 2.0.0 250 b?c?\r\n")]
    public void A_reply_is_lines_of_printable_ASCII(string text, string octets) => Written(SmtpReply.Ok(text)).ShouldBe(octets);

    [Fact]
    public void A_long_text_is_cut_into_lines_of_at_most_512_octets()
    {
        var lines = Written(new SmtpReply(550, "5.7.1", new string('x', 2000))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.Length <= 510);
        lines.Sum(line => line.Count(c => c == 'x')).ShouldBe(2000);
        lines[..^1].ShouldAllBe(line => line.StartsWith("550-5.7.1 "));
        lines[^1].ShouldStartWith("550 5.7.1 ");
    }

    [Theory]
    [InlineData(480)]
    [InlineData(960)]
    public void A_text_that_fills_its_lines_has_no_empty_one(int length) =>
        Written(SmtpReply.Ok(new string('x', length))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(length / 480);

    private static string Written(SmtpReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        ReplyWriter.Write(output, reply);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
