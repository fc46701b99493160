using System.Text;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Archiving;

/// <summary>What an archive reads out of a message, whatever the message is.</summary>
public sealed class ArchiveCardTests
{
    private static readonly DateTimeOffset Came = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Re: [talk:12] Menu", "Menu", true)]
    [InlineData("[talk:12] Re^2: AW: Menu", "Menu", true)]
    [InlineData("返信: Re: [話 3] 会議", "会議", true)]
    [InlineData("Fwd: Menu", "Fwd: Menu", false)]
    [InlineData("Regarding: Menu", "Regarding: Menu", false)]
    [InlineData("[RFC]", "[RFC]", false)]
    [InlineData("Re:", "", true)]
    public void A_thread_s_subject_is_the_same_in_all_answers(string subject, string text, bool isReply) =>
        ThreadSubject.Of(subject).ShouldBe(new ThreadSubject(text, isReply));

    [Fact]
    public void A_message_s_name_is_the_one_that_Mailman_gives_it() =>
        MessageIdHash.Of("<87myycy5eh.fsf@uwakimon.sk.tsukuba.ac.jp>").ShouldBe("JJIGKPKB6CVDX6B2CUG4IHAJRIQIOUTP");

    [Theory]
    [InlineData("Mon, 01 Mar 2027 17:30:00 +0900", "2027-03-01T08:30:00Z")]
    [InlineData("Mon, 01 Mar 1999 08:30:00 +0000", "2027-03-01T09:00:00Z")]
    [InlineData("Mon, 01 Mar 2033 08:30:00 +0000", "2027-03-01T09:00:00Z")]
    [InlineData("yesterday", "2027-03-01T09:00:00Z")]
    public void A_date_that_nobody_believes_is_the_day_it_came(string date, string expected) =>
        ArchiveCard.DateOf(Raw($"Date: {date}\r\n\r\n"), Came, TimeSpan.FromDays(7)).ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void An_author_s_name_and_address_are_one_line_each()
    {
        var card = ArchiveCard.Read(Raw("From: =?utf-8?Q?Eve=0D=0A=E2=80=AEx?= <EVE@x.example>\r\nSubject: =?utf-8?Q?a=0Ab?=\r\n\r\n"));

        card.AuthorAddress.ShouldBe("eve@x.example");
        card.AuthorName.ShouldNotContain("\n");
        card.Subject.ShouldBe("a b");
    }

    [Fact]
    public void The_references_end_with_the_nearest()
    {
        var card = ArchiveCard.Read(Raw("References: <a@x>\r\n <b@x> junk <c d@x>\r\nIn-Reply-To: <e@x> from you\r\n\r\n"));

        card.References.ShouldBe(["<a@x>", "<b@x>", "<e@x>"]);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\boot.ini", "boot.ini")]
    [InlineData(".ssh", "ssh")]
    [InlineData("a\u202Egpj.exe", "agpj.exe")]
    [InlineData("x\\\"><script>.txt", "xscript.txt")]
    [InlineData("..", "attachment-1")]
    public void An_attachment_s_name_has_no_folder_and_nothing_that_deceives(string given, string shown)
    {
        var view = MessageView.Read(Raw($"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{given}\"\r\n\r\nx"));

        view.Attachments.ShouldHaveSingleItem().Name.ShouldBe(shown);
    }

    [Fact]
    public void Text_and_HTML_are_told_apart_and_all_else_is_attached()
    {
        var raw = Raw("""
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain; charset=iso-2022-jp
            Content-Transfer-Encoding: base64

            GyRCMnE1RBsoQg==
            --a
            Content-Type: text/html

            <b>x</b>
            --a--
            --m
            Content-Type: text/plain; name=notes.txt
            Content-Disposition: attachment; filename=notes.txt
            Content-Transfer-Encoding: base64

            aGVsbG8=
            --m
            Content-Type: message/rfc822

            Subject: within

            body
            --m--
            """.ReplaceLineEndings("\r\n"));

        var view = MessageView.Read(raw);

        view.Text.Trim().ShouldBe("会議");
        view.Html.Trim().ShouldBe("<b>x</b>");
        view.Attachments.Select(a => (a.Name, a.MediaType)).ShouldBe([("notes.txt", "text/plain"), ("message-2.eml", "message/rfc822")]);
        MessageView.ReadAttachment(raw, 0).ShouldBe("hello"u8.ToArray());
        Encoding.ASCII.GetString(MessageView.ReadAttachment(raw, 1)!).ShouldContain("Subject: within");
        MessageView.ReadAttachment(raw, 2).ShouldBeNull();
        MessageView.ReadAttachment(raw, -1).ShouldBeNull();
    }

    [Fact]
    public void A_message_too_deep_to_open_is_kept_and_named_and_not_opened()
    {
        var deep = string.Concat(Enumerable.Range(0, 100).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"));

        var view = MessageView.Read(Raw(deep));

        view.Problem.ShouldNotBeNull();
        ArchiveCard.Read(Raw("Subject: x\r\n" + deep)).Subject.ShouldBe("x");
    }

    [Fact]
    public void No_octets_make_it_throw()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var octets = Encoding.ASCII.GetBytes("From: a <b@c>\r\nContent-Type: multipart/mixed; boundary=x\r\nReferences: <a@b>\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-7\r\n\r\nx\r\n--x--\r\n");
            for (var hit = 0; hit < 6; hit++)
            {
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            }

            Should.NotThrow(() => ArchiveCard.Read(RawMessage.Parse(octets)));
        }
    }

    [Theory]
    [InlineData("after:2026-13", "'2026-13' is no day. Write it like 2026-11-24.")]
    [InlineData("before:soon", "'soon' is no day. Write it like 2026-11-24.")]
    public void A_day_that_is_none_is_told(string query, string problem) => SearchQuery.Parse(query).Problem.ShouldBe(problem);

    [Fact]
    public void A_query_is_read_as_people_write_it()
    {
        var query = SearchQuery.Parse("from:\"Aiko Sato\" -spam has:attachment　after:2026 \"会議 室\"");

        query.Terms.ShouldBe([
            new SearchTerm(SearchField.From, "aiko sato", false, false), new SearchTerm(SearchField.Anywhere, "spam", true, false), new SearchTerm(SearchField.Anywhere, "会議 室", false, false),
        ]);
        (query.HasAttachment, query.After).ShouldBe((true, new DateOnly(2026, 1, 1)));
    }

    private static RawMessage Raw(string text) => RawMessage.Parse(Encoding.UTF8.GetBytes(text));
}
