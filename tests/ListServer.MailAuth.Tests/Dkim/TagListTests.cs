using System.Text;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>RFC 6376 §3.2.</summary>
public sealed class TagListTests
{
    [Theory]
    [InlineData("a=1", "1")]
    [InlineData("a=1;", "1")]
    [InlineData(" a = 1 ; \r\n", "1")]
    [InlineData("b=2;\r\n\ta=1 2", "1 2")]
    [InlineData("a=", "")]
    [InlineData("a=x=y==", "x=y==")]
    [InlineData("A=2;a=1", "1")]
    [InlineData("a=é", "é")]
    [InlineData("a_1=2;a=1", "1")]
    public void A_list_gives_a_tags_value_without_the_white_space_around_it(string text, string value)
    {
        var list = TagList.Parse(Encoding.UTF8.GetBytes(text));
        list.Defect.ShouldBeNull();
        list.Text("a").ShouldBe(value);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(";", "empty")]
    [InlineData("a=1;;b=2", "empty")]
    [InlineData("a=1;;", "empty")]
    [InlineData("a", "without \"=\"")]
    [InlineData("a=1; b", "without \"=\"")]
    [InlineData("a=1;a=1", "twice")]
    [InlineData("=1", "name")]
    [InlineData("1a=1", "name")]
    [InlineData("a b=1", "name")]
    [InlineData("ä=1", "name")]
    [InlineData("a=\0", "control")]
    [InlineData("a=x\ry", "control")]
    [InlineData("a=\u007f", "control")]
    public void A_list_with_one_fault_is_invalid_as_a_whole(string text, string reason) =>
        TagList.Parse(Encoding.UTF8.GetBytes(text)).Defect.ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void Octets_that_are_not_UTF_8_make_a_list_invalid() =>
        TagList.Parse(new byte[] { (byte)'a', (byte)'=', 0xFF }).Defect.ShouldBe("not UTF-8");

    [Fact]
    public void A_list_of_empty_tags_is_given_up_after_sixty_four() =>
        TagList.Parse(Encoding.ASCII.GetBytes("a=1" + new string(';', 100) + "b=2")).Text("b").ShouldBeNull();

    [Fact]
    public void A_list_of_ten_thousand_tags_is_refused() =>
        TagList.Parse(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}=1;")))).Defect.ShouldBe("too many tags");

    [Theory]
    [InlineData("YWJj", "abc")]
    [InlineData(" Y W\r\n\tJ j ", "abc")]
    [InlineData("YWI=", "ab")]
    [InlineData("YWI", "ab")]
    [InlineData("YQ = =", "a")]
    [InlineData("YQ", "a")]
    [InlineData("Y", null)]
    [InlineData("", null)]
    [InlineData("YW*j", null)]
    [InlineData("YQ===", null)]
    public void Base64_may_hold_white_space_and_lack_its_padding(string text, string? octets) =>
        Fws.Base64(Encoding.ASCII.GetBytes(text)).ShouldBe(octets is null ? null : Encoding.ASCII.GetBytes(octets));
}
