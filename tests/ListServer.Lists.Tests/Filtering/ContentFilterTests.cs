using System.Text;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Filtering;
using ListServer.Lists.Moderation;
using ListServer.Lists.Tests.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Filtering;

/// <summary>The content filter: what leaves, octet by octet, what does not, and the way back.</summary>
public sealed class ContentFilterTests
{
    private const string Mixed = """
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain; charset=iso-2022-jp

        text
        --b
        Content-Type: application/x-msdownload; name="run.exe"
        Content-Disposition: attachment; filename="run.exe"
        Content-Transfer-Encoding: base64

        TVqQAAMAAAAEAAAA
        --b
        Content-Type: image/png
        Content-Disposition: inline; filename="map.png"
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --b--

        """;

    [Fact]
    public void A_file_with_a_bad_ending_goes_with_its_delimiter_and_a_note_names_it()
    {
        var prepared = Prepare(new ContentFilter { FilterExtensions = ["exe"] }, Mixed);
        Text(prepared).ShouldEndWith("""
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=iso-2022-jp

            text
            --b
            Content-Type: image/png
            Content-Disposition: inline; filename="map.png"
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --b
            Content-Type: text/plain; charset=us-ascii
            Content-Transfer-Encoding: 7bit
            Content-Disposition: inline

            [Taken out by the list: run.exe (application/x-msdownload, 12 octets)]

            --b--

            """.ReplaceLineEndings("\r\n"));
        prepared.Modifications.ShouldContain(new Modification(ModificationKind.Body, "content filter", "run.exe (application/x-msdownload, 12 octets)", null));
    }

    [Theory]
    [InlineData("application", "", "map.png")]
    [InlineData("application/x-msdownload image", "", "")]
    [InlineData("", "text image", "map.png")]
    [InlineData("", "text", "")]
    public void Types_are_named_whole_or_by_their_first_half(string filtered, string passed, string left)
    {
        var text = Text(Prepare(new ContentFilter { FilterTypes = Words(filtered), PassTypes = Words(passed) }, Mixed));
        text.ShouldContain("text\r\n--b");
        text.ShouldNotContain("TVqQ");
        text.Contains("filename=\"map.png\"", StringComparison.Ordinal).ShouldBe(left.Length > 0);
    }

    [Fact]
    public void What_is_not_filtered_keeps_every_octet()
    {
        var message = Message(Mixed);
        Text(Prepare(new ContentFilter { FilterTypes = ["video"], Attachments = AttachmentAction.Remove, MaxAttachmentOctets = 1_000 }, Mixed)).ShouldEndWith(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\nContent-Transfer-Encoding: 8bit")]
    public void Of_a_text_in_two_forms_the_plain_one_takes_the_place_of_both(string encoding)
    {
        var prepared = Prepare(new ContentFilter { Html = HtmlAction.Text }, $"""
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8{encoding}

            plain
            --b
            Content-Type: text/html

            <p>looks</p>
            --b--

            """);
        Text(prepared).ShouldEndWith($"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8{encoding}\r\n\r\nplain");
    }

    [Fact]
    public void Html_alone_becomes_text_in_the_author_s_letters()
    {
        var html = Encoding.GetEncoding("iso-2022-jp").GetBytes("<html><head><style>p{}</style></head><body><h1>予定</h1><p>次は <a href=\"https://example.org/\">ここ</a>。<ul><li>一<li>二</ul><blockquote>前の話</blockquote></body></html>\r\n");
        var prepared = Prepare(new ContentFilter { Html = HtmlAction.Text }, [.. "Content-Type: text/html; charset=iso-2022-jp\r\n\r\n"u8, .. html]);
        var view = MessageView.Read(RawMessage.Parse(prepared.ToOctets()));
        view.Html.ShouldBeEmpty();
        view.Text.ReplaceLineEndings("\n").ShouldBe("予定\n\n次は ここ <https://example.org/>。\n\n* 一\n* 二\n\n> 前の話\n");
        Text(prepared).ShouldContain("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    }

    [Fact]
    public void An_attachment_within_the_form_that_is_left_out_is_named()
    {
        Text(Prepare(new ContentFilter { Html = HtmlAction.Text }, """
            Content-Type: multipart/alternative; boundary=b

            --b

            plain
            --b
            Content-Type: multipart/mixed; boundary=c

            --c
            Content-Type: text/html

            looks
            --c
            Content-Type: application/pdf; name=plan.pdf

            %PDF
            --c--
            --b--
            """)).ShouldEndWith("plain\r\n[Taken out by the list: plan.pdf (application/pdf, 4 octets)]\r\n");
    }

    [Fact]
    public void Deep_html_is_taken_out_and_not_read()
    {
        var filter = new ContentFilter { Html = HtmlAction.Text };
        Decide(filter, $"Content-Type: text/html\r\n\r\n{string.Concat(Enumerable.Repeat("<div>", 500))}").ShouldBeOfType<Verdict.Reject>();
    }

    [Fact]
    public void Attachments_over_the_limit_are_links_in_copies_and_stay_in_the_archive()
    {
        var list = Reports.List with { Archive = ArchiveAccess.Members, Filter = new ContentFilter { Attachments = AttachmentAction.Link, MaxAttachmentOctets = 10 } };
        var octets = Encoding.Latin1.GetBytes(Message("Message-ID: <1@author.example>\n" + Mixed));
        var post = KitchenTests.PostOf(list, octets, Reports.Alice);
        var options = KitchenTests.Options with { WebAddress = new Uri("https://lists.example/") };
        var copy = Encoding.Latin1.GetString(Kitchen.Prepare(list, post, RawMessage.Parse(octets), options).ToOctets());
        copy.ShouldNotContain("TVqQ");
        copy.ShouldContain("[Kept in the list's archive: run.exe (application/x-msdownload, 12 octets) https://lists.example/l/news@lists.example/m/");
        Encoding.Latin1.GetString(Kitchen.Keep(list, post, RawMessage.Parse(octets), options with { KeepsAttachments = true })).ShouldContain("TVqQ");

        // Without pages there is no link, and nothing is taken out that nobody could get.
        Encoding.Latin1.GetString(Kitchen.Prepare(list, post, RawMessage.Parse(octets), KitchenTests.Options).ToOctets()).ShouldContain("TVqQ");
    }

    [Theory]
    [InlineData(EmptyAction.Reject, typeof(Verdict.Reject))]
    [InlineData(EmptyAction.Discard, typeof(Verdict.Discard))]
    [InlineData(EmptyAction.Hold, typeof(Verdict.Hold))]
    public void A_post_of_which_nothing_is_left_goes_nowhere(EmptyAction action, Type verdict)
    {
        var filter = new ContentFilter { FilterTypes = ["application/pdf"], Empty = action };
        var decision = Decide(filter, "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n");
        decision.ShouldBeOfType(verdict);
        decision.Reason.ShouldBe("The list lets nothing of this post through: a.pdf (application/pdf, 6 octets)");
        Decide(filter, "\r\nHello\r\n").ShouldBeOfType<Verdict.Accept>();
    }

    [Fact]
    public void Large_attachments_can_be_left_to_a_moderator_who_lets_the_post_out_whole()
    {
        var filter = new ContentFilter { Attachments = AttachmentAction.Hold, MaxAttachmentOctets = 10, FilterTypes = ["image"] };
        Decide(filter, Message(Mixed)[Head.Length..]).Reason.ShouldBe("An attachment is larger than the list takes: run.exe (application/x-msdownload, 12 octets)");
        Text(Prepare(filter, Mixed)).ShouldEndWith(Message(Mixed));
    }

    [Theory]
    [InlineData(SignedAction.Hold, typeof(Verdict.Hold))]
    [InlineData(SignedAction.Keep, typeof(Verdict.Accept))]
    public void What_is_signed_stays_whole_and_is_held_when_something_would_be_taken_out(SignedAction action, Type verdict)
    {
        const string Signed = "Content-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"\r\n\r\n--s\r\nContent-Type: text/html\r\n\r\n<p>Hi\r\n--s\r\n"
            + "Content-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n";
        var filter = new ContentFilter { Html = HtmlAction.Text, FilterTypes = ["application"], Signed = action };
        Decide(filter, Signed).ShouldBeOfType(verdict);
        Text(Prepare(filter, Encoding.Latin1.GetBytes(Signed))).ShouldEndWith(Signed);
        Decide(filter, Signed.Replace("text/html", "text/plain", StringComparison.Ordinal)).ShouldBeOfType<Verdict.Accept>();
    }

    [Fact]
    public void A_forwarded_message_hides_nothing()
    {
        var inner = Mixed.ReplaceLineEndings("\r\n");
        var text = Text(Prepare(new ContentFilter { FilterExtensions = ["exe"] }, Encoding.Latin1.GetBytes(
            $"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nsee\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n{inner}\r\n--o--\r\n")));
        text.ShouldNotContain("TVqQ");
        text.ShouldContain("Subject: inner\r\n");
    }

    [Fact]
    public void What_was_taken_out_comes_back_by_the_recorded_steps()
    {
        var octets = Encoding.Latin1.GetBytes(Message(Mixed));
        foreach (var filter in new ContentFilter[] { new() { FilterExtensions = ["exe"] }, new() { FilterTypes = ["image", "application"] }, new() { PassTypes = ["image"] } })
        {
            var prepared = Prepare(filter, Mixed);
            UndoSteps.Of(RawMessage.Parse(octets), prepared)!.Undo(RawMessage.Parse(prepared.ToOctets())).ShouldBe(octets);
        }
    }

    private const string Head = "From: Alice <alice@author.example>\r\nTo: news@lists.example\r\nSubject: Hi\r\n";

    private static string Message(string rest) => Head + rest.ReplaceLineEndings("\r\n");

    private static PreparedPost Prepare(ContentFilter filter, string rest) => Prepare(filter, Encoding.Latin1.GetBytes(rest.ReplaceLineEndings("\r\n")));

    private static PreparedPost Prepare(ContentFilter filter, byte[] rest) =>
        KitchenTests.Prepare(Reports.List with { Filter = filter }, [.. Encoding.Latin1.GetBytes(Head), .. rest]);

    private static string Text(PreparedPost prepared) => Encoding.Latin1.GetString(prepared.ToOctets());

    private static Verdict Decide(ContentFilter filter, string rest) => Moderator.Decide(new Candidate
    {
        List = Reports.List with { Filter = filter },
        Envelope = Reports.Envelope,
        Report = Reports.Alice,
        Message = RawMessage.Parse(Encoding.Latin1.GetBytes(Head + rest)),
        Author = Reports.Member(MemberRole.Member),
        Trust = new(),
    }).Verdict;

    private static System.Collections.Immutable.ImmutableArray<string> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
