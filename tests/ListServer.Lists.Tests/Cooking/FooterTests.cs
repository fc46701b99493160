using System.Text;
using ListServer.Lists.Cooking;

namespace ListServer.Lists.Tests.Cooking;

public sealed class FooterTests
{
    private const string Head = "From: alice@author.example\r\nSubject: Hi\r\nDate: x\r\nMessage-ID: <1@x>\r\n";
    private static readonly MailingList Ascii = Reports.List with { Footer = "\n-- \nnews list  " };
    private static readonly MailingList Unicode = Reports.List with { Footer = "жизнь" };

    public static TheoryData<string, string, string> Texts() => new()
    {
        { "no type", "\r\nbody\r\n", "\r\nbody\r\n\r\n-- \r\nnews list\r\n" },
        { "no line end", "\r\nbody", "\r\nbody\r\n\r\n-- \r\nnews list\r\n" },
        { "empty", "\r\n", "\r\n\r\n-- \r\nnews list\r\n" },
        { "flowed", "Content-Type: text/plain; format=flowed\r\n\r\nbody \r\n", "\r\n\r\nbody \r\n\r\n-- \r\nnews list\r\n" },
        { "open soft break", "Content-Transfer-Encoding: quoted-printable\r\n\r\nbody=\r\n", "\r\n\r\nbody=\r\n\r\n\r\n--=20\r\nnews list\r\n" },
        { "open soft break at the end", "Content-Transfer-Encoding: quoted-printable\r\n\r\nbody=", "\r\n\r\nbody=\r\n\r\n\r\n--=20\r\nnews list\r\n" },
        { "base64 without padding", "Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n", "\r\n\r\nDQoNCi0tDQpuZXdzIGxpc3QNCg==\r\n" },
        { "kanji left open", "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\u001b$BF|K\\", "\r\n\r\n\u001b$BF|K\\\r\n\u001b(B\r\n-- \r\nnews list\r\n" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_footer_follows_the_text(string what, string entity, string expectedEnd)
    {
        if (what.StartsWith("base64", StringComparison.Ordinal))
        {
            expectedEnd = "\r\n\r\n" + Convert.ToBase64String("abc\r\n\r\n-- \r\nnews list\r\n"u8) + "\r\n";
        }

        KitchenTests.Text(KitchenTests.Prepare(Ascii, Head + entity)).ShouldEndWith(expectedEnd, customMessage: what);
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", "7bit", "<p>x</p>")]
    [InlineData("text/plain; charset=us-ascii", "7bit", "x")] // the footer does not fit into its charset
    [InlineData("text/plain; charset=bogus", "7bit", "x")]
    [InlineData("text/plain; charset=utf-16", "base64", "eAA=")]
    [InlineData("text/plain; charset=utf-8", "7bit", "x")] // nor into its transfer encoding
    [InlineData("text/plain; charset=utf-8", "x-unknown", "x")]
    [InlineData("text/plain; charset=utf-8", "base64", "YWJj\r\nplain text behind it")]
    [InlineData("text/plain; charset=utf-8", "base64", "YQ==\r\nYQ==")]
    [InlineData("text/plain; charset=utf-8", "base64", "YWJ")]
    [InlineData("multipart/alternative; boundary=b", "7bit", "--b\r\n\r\nx\r\n--b--")]
    [InlineData("multipart/signed; boundary=b", "7bit", "--b\r\n\r\nx\r\n--b\r\n\r\ns\r\n--b--")]
    [InlineData("multipart/mixed", "7bit", "no boundary at all")]
    [InlineData("multipart/mixed; boundary=b", "7bit", "no delimiter at all")]
    [InlineData("multipart/mixed; boundary=b", "base64", "LS1i")]
    [InlineData("application/pdf", "base64", "JVBERg==")]
    [InlineData("junk", "7bit", "x")]
    public void Where_it_can_t_the_whole_becomes_a_part_and_keeps_its_octets(string type, string encoding, string body)
    {
        var message = $"{Head}Content-Type: {type}\r\nContent-Transfer-Encoding: {encoding}\r\nMIME-Version: 1.0\r\n\r\n{body}\r\n";
        var prepared = KitchenTests.Prepare(Unicode, message);
        var text = KitchenTests.Text(prepared);
        text.ShouldContain("\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_list_");
        text.ShouldContain($"\r\nContent-Type: {type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n\r\n--=_list_");
        text.ShouldContain("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\n\r\n0LbQuNC30L3RjA0K\r\n");
        prepared.Modifications.ShouldContain(m => m.Kind == ModificationKind.Body && m.After == "жизнь\r\n");
    }

    [Theory]
    [InlineData("multipart/encrypted; boundary=b")]
    [InlineData("application/pkcs7-mime; smime-type=enveloped-data")]
    public void What_is_encrypted_is_left_whole(string type)
    {
        var message = $"{Head}Content-Type: {type}\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";
        KitchenTests.Text(KitchenTests.Prepare(Ascii, message)).ShouldEndWith(message);
    }

    [Fact]
    public void An_attachment_that_is_text_is_no_place_for_a_footer()
    {
        var message = $"{Head}Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n";
        KitchenTests.Text(KitchenTests.Prepare(Ascii, message)).ShouldContain("multipart/mixed");
    }

    [Theory]
    [InlineData("--b\r\n\r\nx\r\n--b--\r\nepilogue --b--\r\n", "--b\r\n\r\nx\r\n--b\r\nFOOTER\r\n--b--\r\nepilogue --b--\r\n")]
    [InlineData("--b\r\n\r\nx --b--\r\n--bb--\r\n--b-- \r\n", "--b\r\n\r\nx --b--\r\n--bb--\r\n--b\r\nFOOTER\r\n--b-- \r\n")]
    [InlineData("--b\r\n\r\nnever closed", "--b\r\n\r\nnever closed\r\n--b\r\nFOOTER\r\n--b--\r\n")]
    [InlineData("--b--\r\n", "--b\r\nFOOTER\r\n--b--\r\n")]
    public void A_multipart_mixed_gets_one_more_part(string body, string expected)
    {
        var prepared = KitchenTests.Prepare(Ascii, $"{Head}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n{body}");
        const string Part = "Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\n\r\n-- \r\nnews list\r\n";
        Encoding.ASCII.GetString(prepared.Body.Span).ShouldBe(expected.Replace("FOOTER\r\n", Part + "\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public void A_delimiter_that_the_author_guessed_is_not_used()
    {
        var first = KitchenTests.Prepare(Ascii, $"{Head}Content-Type: text/html\r\n\r\nx\r\n");
        var guessed = first.Fields.First(f => f.Is("Content-Type")).Octets.Span;
        var boundary = Encoding.ASCII.GetString(guessed).Split('"')[1];
        var second = KitchenTests.Prepare(Ascii, $"{Head}Content-Type: text/html\r\n\r\n--{boundary}--\r\n");
        Encoding.ASCII.GetString(second.Fields.First(f => f.Is("Content-Type")).Octets.Span).ShouldNotContain(boundary);
    }

    [Fact]
    public void Eight_bit_content_inside_is_declared_outside()
    {
        var message = Encoding.UTF8.GetBytes($"{Head}Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\né\r\n");
        KitchenTests.Text(KitchenTests.Prepare(Ascii, message)).ShouldContain("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_list_ec38c484555f03928a2d6e8ba3cb8e88\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--=");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    public void An_empty_footer_changes_nothing(string footer)
    {
        var message = $"{Head}Content-Type: text/html\r\n\r\nx\r\n";
        KitchenTests.Text(KitchenTests.Prepare(Reports.List with { Footer = footer }, message)).ShouldEndWith(message);
    }
}
