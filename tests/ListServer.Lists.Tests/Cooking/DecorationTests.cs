using System.Text;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>Headers and footers, as plain text and as HTML, literal and filled in.</summary>
public sealed class DecorationTests
{
    private const string Head = "From: Alice <alice@author.example>\r\nSubject: Hi\r\nMessage-ID: <1@author.example>\r\n";

    private static readonly MailingList Both = Reports.List with { Header = "== {{ list_name }} {{ serial }} ==", Footer = "by {{ author_name }}; leave: {{ leave_address }}" };

    [Theory]
    [InlineData("", "Hello\r\n", "== News 12 ==\r\nHello\r\nby Alice; leave: news-leave@lists.example\r\n")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\r\n", "=48ello\r\n", "=3D=3D News 12 =3D=3D\r\n=48ello\r\nby Alice; leave: news-leave@lists.example\r\n")]
    [InlineData("Content-Type: text/plain; format=flowed\r\n", "Hello \r\nyou\r\n", "== News 12 ==\r\nHello \r\nyou\r\nby Alice; leave: news-leave@lists.example\r\n")]
    public void A_header_and_a_footer_are_filled_in_and_stand_in_the_text(string fields, string body, string expected) =>
        Text(Both, $"{Head}{fields}\r\n{body}").ShouldEndWith("\r\n\r\n" + expected);

    [Fact]
    public void Before_base64_stands_base64_and_the_author_s_stays_octet_by_octet()
    {
        const string Author = "SGVsbG8NCg==";
        for (var length = 1; length < 5; length++)
        {
            var text = Text(Reports.List with { Header = new string('x', length) }, $"{Head}Content-Transfer-Encoding: base64\r\n\r\n{Author}\r\n");
            text.ShouldEndWith($"\r\n{Author}\r\n");
            MessageView.Read(RawMessage.Parse(Encoding.Latin1.GetBytes(text))).Text.ReplaceLineEndings("\n").ShouldStartWith(new string('x', length) + "\n");
        }
    }

    [Theory]
    [InlineData("7bit", "<html><body class=a><p>Hello</p></body></html>\r\n", "<html><body class=a>\r\n<i>News</i>\r\n<p>Hello</p>\r\n<b>&#12371; Alice</b>\r\n</body></html>\r\n")]
    [InlineData("quoted-printable", "<body><p>=48ello</p></BODY>\r\n", "<body>=\r\n<i>News</i>\r\n=\r\n<p>=48ello</p>=\r\n<b>&#12371; Alice</b>\r\n=\r\n</BODY>\r\n")]
    [InlineData("7bit", "<p>Hello\r\n", "\r\n<i>News</i>\r\n<p>Hello\r\n<b>&#12371; Alice</b>\r\n\r\n")]
    public void Html_has_the_lines_within_and_values_can_t_be_markup(string encoding, string body, string expected)
    {
        var list = Reports.List with { HeaderHtml = "<i>{{ list_name }}</i>", FooterHtml = "<b>こ {{ author_name }}</b>" };
        Text(list, $"{Head}Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}").ShouldEndWith("\r\n\r\n" + expected);
        var hostile = Reports.Alice with { Dkim = [], Author = Reports.Alice.Author with { DisplayName = "<script>" } };
        var copy = KitchenTests.Prepare(list, Encoding.UTF8.GetBytes($"{Head}Content-Type: text/html\r\n\r\n<p>Hello\r\n"), hostile);
        Encoding.UTF8.GetString(copy.Body.Span).ShouldContain("<b>&#12371; &lt;script&gt;</b>");
    }

    [Fact]
    public void Html_in_base64_is_written_anew_with_the_lines()
    {
        var html = Convert.ToBase64String("<body>Hello</body>\r\n"u8);
        var text = Text(Reports.List with { FooterHtml = "<hr>" }, $"{Head}Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n{html}\r\n");
        MessageView.Read(RawMessage.Parse(Encoding.Latin1.GetBytes(text))).Html.ReplaceLineEndings("\n").ShouldBe("<body>Hello<hr>\n</body>\n");
    }

    [Fact]
    public void Each_form_of_a_text_has_the_lines_once_the_list_has_them_in_html()
    {
        const string Post = Head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"
            + "Content-Type: text/html\r\n\r\n<body>Hello</body>\r\n--r\r\nContent-Type: image/png\r\nContent-ID: <x>\r\n\r\nP\r\n--r--\r\n--b--\r\n";
        Text(Reports.List with { Footer = "Bye {{ serial }}", FooterHtml = "<p>Bye" }, Post).ShouldEndWith(
            "--b\r\n\r\nHello\r\nBye 12\r\n\r\n--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n<body>Hello\r\n<p>Bye\r\n</body>\r\n--r\r\n"
            + "Content-Type: image/png\r\nContent-ID: <x>\r\n\r\nP\r\n--r--\r\n--b--\r\n");

        // Without them: as before there were any, a part of its own.
        Text(Reports.List with { Footer = "Bye" }, Post).ShouldContain("multipart/mixed");
    }

    [Fact]
    public void A_header_is_the_first_part_of_several_and_stands_around_what_is_signed()
    {
        var mixed = Text(Reports.List with { Header = "Above" }, Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b--\r\n");
        mixed.ShouldEndWith("\r\n\r\n--b\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\nAbove\r\n\r\n--b\r\n\r\nHello\r\n--b--\r\n");
        const string Signed = "--s\r\n\r\nHello\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n";
        var wrapped = Text(Reports.List with { Header = "Above" }, $"{Head}Content-Type: multipart/signed; boundary=s\r\n\r\n{Signed}");
        wrapped.ShouldContain(Signed);
        wrapped.IndexOf("Above", StringComparison.Ordinal).ShouldBeLessThan(wrapped.IndexOf("--s\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_way_back_leads_past_headers_and_footers_too()
    {
        foreach (var rest in new[] { "\r\nHello\r\n", "Content-Type: text/html\r\n\r\n<body>Hello</body>\r\n", "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8NCg==\r\n" })
        {
            var original = Encoding.Latin1.GetBytes(Head + rest);
            var prepared = KitchenTests.Prepare(Both with { HeaderHtml = "<p>a", FooterHtml = "<p>b" }, original);
            UndoSteps.Of(RawMessage.Parse(original), prepared)!.Undo(RawMessage.Parse(prepared.ToOctets())).ShouldBe(original);
        }
    }

    private static string Text(MailingList list, string message) => Encoding.Latin1.GetString(KitchenTests.Prepare(list, message).ToOctets());
}
