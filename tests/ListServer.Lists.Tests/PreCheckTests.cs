using System.Globalization;
using System.Text;

namespace ListServer.Lists.Tests;

public sealed class PreCheckTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("Subject: x\r\n\r\nbody\r\n")]
    [InlineData("no colon here\r\n--\r\n--x\r\n")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\n--\r\n\r\n----\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x--\r\n")]
    public void An_ordinary_or_broken_message_is_within_the_limits(string message) => Problem(message).ShouldBeNull();

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(20_000, false)]
    public void Multiparts_may_be_nested_64_deep(int depth, bool isAllowed) // SEC-13
    {
        var message = new StringBuilder("Content-Type: multipart/mixed; boundary=b0\r\n\r\n");
        for (var i = 1; i < depth; i++)
        {
            message.Append(CultureInfo.InvariantCulture, $"--b{i - 1}\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"b{i}\"\r\n\r\n");
        }

        (Problem(message.ToString()) is null).ShouldBe(isAllowed);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Messages_within_messages_count_as_depth(int depth, bool isAllowed) =>
        (Problem(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\r\n\r\n", depth))) is null).ShouldBe(isAllowed);

    [Theory]
    [InlineData(999, true)] // and the message itself
    [InlineData(1_000, false)]
    [InlineData(200_000, false)]
    public void A_message_may_have_1000_parts(int parts, bool isAllowed) => // SEC-13
        (Problem("Content-Type: multipart/mixed; boundary=x\r\n\r\n" + string.Concat(Enumerable.Repeat("--x\r\n\r\na\r\n", parts))) is null)
            .ShouldBe(isAllowed);

    [Fact]
    public void Parts_without_the_empty_line_behind_their_header_are_counted() =>
        Problem("Content-Type: multipart/mixed; boundary=x\r\n\r\n" + string.Concat(Enumerable.Repeat("--x\r\n", 1_001))).ShouldNotBeNull();

    [Fact]
    public void Siblings_do_not_add_to_the_depth()
    {
        var message = new StringBuilder("Content-Type: multipart/mixed; boundary=x\r\n\r\n");
        for (var i = 0; i < 200; i++)
        {
            message.Append("--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\n\r\na\r\n--y--\r\n");
        }

        Problem(message.ToString()).ShouldBeNull();
    }

    [Fact]
    public void A_longer_line_that_begins_like_an_outer_delimiter_does_not_close_the_inner_parts()
    {
        var message = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n"
            + "--abc\r\n" + string.Concat(Enumerable.Repeat("--z\r\n\r\n", 1_000));
        Problem(message).ShouldBe("The message has more than 1000 parts.");
    }

    public static TheoryData<string, string> Bombs() => new()
    {
        { "a total of 513 KB", string.Concat(Enumerable.Repeat($"X: {new string('a', 1_020)}\r\n", 513)) },
        { "a field of 101 KB", $"X: {new string('a', 101 * 1024)}\r\n" },
        { "1001 fields", string.Concat(Enumerable.Repeat("X: a\r\n", 1_001)) },
        { "a field folded 1001 times", "X: a\r\n" + string.Concat(Enumerable.Repeat(" a\r\n", 1_001)) },
        { "1001 addresses", "To: " + string.Join(",", Enumerable.Repeat("a@b", 1_001)) + "\r\n" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_header_has_limits(string what, string header) // SEC-14
    {
        what.ShouldNotBeEmpty();
        Problem(header + "\r\n").ShouldNotBeNull();
        Problem("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + header + "\r\n").ShouldNotBeNull("in a part");
        Problem(header).ShouldNotBeNull("without an end");
    }

    [Fact]
    public void What_is_just_within_the_limits_passes()
    {
        Problem(string.Concat(Enumerable.Repeat("X: a\r\n", 1_000)) + "\r\n").ShouldBeNull();
        Problem("X: a\r\n" + string.Concat(Enumerable.Repeat(" a\r\n", 999)) + "\r\n").ShouldBeNull();
        Problem("To: " + string.Join(",", Enumerable.Repeat("\"a, b\" <a@b>", 1_000)) + "\r\n\r\n").ShouldBeNull();
    }

    private static string? Problem(string message) => PreCheck.Problem(Encoding.Latin1.GetBytes(message));
}
