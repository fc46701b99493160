using System.Text;

namespace ListServer.MailAuth.Tests;

public sealed class RawMessageTests
{
    [Theory]
    [InlineData("", 0, "")]
    [InlineData("\r\n", 0, "")]
    [InlineData("\r\nbody", 0, "body")]
    [InlineData("A: 1", 1, "")]
    [InlineData("A: 1\r\n", 1, "")]
    [InlineData("A: 1\r\n\r\n", 1, "")]
    [InlineData("A: 1\r\n 2\r\n\t3\r\nB: 4\r\n\r\nbody\r\n", 2, "body\r\n")]
    [InlineData("A: 1\nB: 2\n\nbody\n", 2, "body\n")]
    [InlineData("A: 1\rB: 2\r\n\r\nx", 1, "x")]
    [InlineData(" folded: from nothing\r\nA: 1\r\n\r\n", 2, "")]
    [InlineData("no colon\r\nA: 1\r\n\r\nx", 2, "x")]
    [InlineData("A: 1\r\n \r\nB: 2\r\n\r\nx", 2, "x")]
    [InlineData("A\0B: \0\r\n\r\n\0", 1, "\0")]
    [InlineData("\r", 1, "")]
    [InlineData("A: 1\r\n\r", 2, "")]
    public void Any_octets_are_a_message(string text, int fields, string body)
    {
        var message = RawMessage.Parse(Encoding.Latin1.GetBytes(text));
        message.Fields.Length.ShouldBe(fields);
        Encoding.Latin1.GetString(message.Body.Span).ShouldBe(body);
        message.HeaderOctets.ShouldBe(message.Fields.Sum(f => f.Octets.Length));
    }

    [Fact]
    public void Half_a_million_fields_are_half_a_million_fields()
    {
        var message = RawMessage.Parse(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("x\n", 500_000)) + "\nbody"));
        message.Fields.Length.ShouldBe(500_000);
        message.Body.Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("From: x", "From", true)]
    [InlineData("From : x", "From", false)]
    [InlineData("From\r\n : x", "From\r\n", false)]
    [InlineData(" From: x", " From", false)]
    [InlineData("Fr om: x", "Fr om", false)]
    [InlineData("Fr\0m: x", "Fr\0m", false)]
    [InlineData("Fröm: x", "Fröm", false)]
    [InlineData(": x", "", false)]
    [InlineData("x", "", false)]
    public void A_field_says_whether_its_name_is_well_formed(string text, string name, bool isWellFormed)
    {
        var field = RawMessage.Parse(Encoding.Latin1.GetBytes(text)).Fields.ShouldHaveSingleItem();
        field.Name.ShouldBe(name);
        field.IsWellFormed.ShouldBe(isWellFormed);
        field.Is("FROM").ShouldBe(name == "From");
    }

    [Fact]
    public void Thousands_of_fields_are_found_in_no_time()
    {
        var octets = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("a:\r\n", 250_000)));
        RawMessage.Parse(octets).Fields.Length.ShouldBe(250_000);
    }
}
