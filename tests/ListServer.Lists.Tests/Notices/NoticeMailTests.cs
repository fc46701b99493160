using System.Text;
using ListServer.Lists.Commands;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Tests.Notices;

public sealed class NoticeMailTests
{
    private static readonly NoticeMail Mail = new(
        Reports.List, "bob@example.org", new Notice("Hi", "One\nTwo\n"), "01ABC", new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_notice_is_a_plain_mail()
    {
        var octets = (Mail with { ReplyTo = "news-confirm+t@lists.example", InReplyTo = "<q@example.org>" }).ToOctets();

        Encoding.ASCII.GetString(octets).ShouldBe(
            """
            From: "News" <news-request@lists.example>
            To: <bob@example.org>
            Reply-To: <news-confirm+t@lists.example>
            Subject: Hi
            Date: Tue, 24 Nov 2026 12:00:00 +0000
            Message-ID: <01ABC@lists.example>
            In-Reply-To: <q@example.org>
            References: <q@example.org>
            Auto-Submitted: auto-replied
            List-Id: <news.lists.example>
            X-Loop: news@lists.example
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 7bit

            One
            Two

            """.ReplaceLineEndings("\r\n"));
    }

    [Fact]
    public void A_notice_is_never_answered_by_a_program() =>
        AutoReply.Problem(Reports.Envelope, RawMessage.Parse(Mail.ToOctets()), "a@b.example", _ => false).ShouldNotBeNull();

    [Fact]
    public void Nothing_can_be_smuggled_into_the_header()
    {
        var message = Load(Mail with
        {
            List = Reports.List with { DisplayName = "News\r\nBcc: x@example.org" },
            Notice = new Notice("Hi\r\nBcc: y@example.org\r\n\r\nText", "Text\n"),
        });

        message.Bcc.ShouldBeEmpty();
        message.Subject.ShouldBe("Hi Bcc: y@example.org Text");
        message.From.Mailboxes.Single().Address.ShouldBe("news-request@lists.example");
        message.TextBody.ShouldNotBeNull().TrimEnd().ShouldBe("Text");
    }

    [Theory]
    [InlineData("日本語のお知らせ\n二行目\n")]
    [InlineData("Mostly ASCII with one é in a text that is long enough\n.\n..\nFrom here\n")]
    [InlineData("Pure ASCII\n")]
    public void Text_of_any_script_arrives_in_seven_bits_and_short_lines(string text)
    {
        var mail = Mail with { List = Reports.List with { DisplayName = "お知らせ" }, Notice = new Notice("【ご確認】" + new string('長', 60), text) };
        var octets = mail.ToOctets();

        octets.ShouldAllBe(octet => octet < 0x80);
        Encoding.ASCII.GetString(octets).Split("\r\n").ShouldAllBe(line => line.Length <= 78 && !line.Contains('\n') && !line.Contains('\r'));
        var message = Load(mail);
        message.TextBody.ShouldNotBeNull().ReplaceLineEndings("\n").ShouldBe(text);
        message.Subject.ShouldBe(mail.Notice.Subject);
        message.From.Mailboxes.Single().Name.ShouldBe("お知らせ");
    }

    [Fact]
    public void Long_lines_are_broken_at_blanks_and_long_words_stay_whole()
    {
        var word = "https://lists.example/" + new string('x', 100);
        var text = "    " + string.Join(' ', Enumerable.Repeat("word", 40)) + " " + word + " end\n";

        var lines = Load(Mail with { Notice = new Notice("Hi", text) }).TextBody!.ReplaceLineEndings("\n").Split('\n');

        lines.ShouldContain("    " + word);
        lines.Where(line => !line.Contains(word, StringComparison.Ordinal)).ShouldAllBe(line => line.Length <= 76);
        string.Join(' ', lines.Select(line => line.Trim())).Trim().ShouldBe(text.Trim());
    }

    [Fact]
    public void A_line_that_SMTP_does_not_carry_is_encoded()
    {
        var word = new string('x', 2_000);
        var mail = Mail with { Notice = new Notice("Hi", word + "\n") };

        Encoding.ASCII.GetString(mail.ToOctets()).Split("\r\n").ShouldAllBe(line => line.Length <= 78);
        Load(mail).TextBody.ShouldNotBeNull().TrimEnd().ShouldBe(word);
    }

    [Fact]
    public void An_address_that_is_not_ASCII_stands_in_UTF8()
    {
        var octets = (Mail with { To = "用户@example.org" }).ToOctets();

        Encoding.UTF8.GetString(octets).ShouldContain("To: <用户@example.org>\r\n");
    }

    private static MimeMessage Load(NoticeMail mail) => MimeMessage.Load(new MemoryStream(mail.ToOctets()));
}
