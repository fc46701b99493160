using System.Text;
using ListServer.Lists.Cooking;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Cooking;

public sealed class KitchenTests
{
    private const string Head = "From: Alice <alice@author.example>\r\nTo: news@lists.example\r\nSubject: Hi\r\nDate: Tue, 24 Nov 2026 00:00:00 +0000\r\nMessage-ID: <1@author.example>\r\n";

    private static readonly MailingList Decorated = Reports.List with { SubjectPrefix = "[News %05d]", Footer = "____\nhttps://lists.example/news" };

    [Fact]
    public void The_whole_copy_stands_in_wire_order()
    {
        var prepared = Prepare(Decorated, $"{Head}\r\nHello\r\n");
        prepared.Verdict.ShouldBe(new Verdict.Accept());
        Text(prepared).ShouldBe("""
            List-Id: "News" <news.lists.example>
            List-Post: <mailto:news@lists.example>
            List-Help: <mailto:news-request@lists.example?subject=help>
            List-Owner: <mailto:news-owner@lists.example>
            List-Subscribe: <mailto:news-join@lists.example>
            List-Unsubscribe: <mailto:news-leave@lists.example>
            Precedence: list
            X-Loop: news@lists.example
            Feedback-ID: news:lists.example:list:listserver
            Authentication-Results: mx.lists.example; dkim=pass
            Received: from author by mx.lists.example;
             Tue, 24 Nov 2026 00:00:01 +0000
            From: Alice <alice@author.example>
            To: news@lists.example
            Subject: [News 00012] Hi
            Date: Tue, 24 Nov 2026 00:00:00 +0000
            Message-ID: <1@author.example>

            Hello
            ____
            https://lists.example/news

            """.ReplaceLineEndings("\r\n"));
    }

    [Fact]
    public void Without_prefix_and_footer_the_author_s_octets_are_untouched()
    {
        var message = $"{Head}X-Odd :\tkept \r\nDKIM-Signature: v=1; junk\r\n\r\nHello \t\r\n\r\n..\r\nno end";
        var prepared = Prepare(Reports.List, message);
        Text(prepared).ShouldEndWith(message);
        prepared.Modifications.ShouldAllBe(m => m.Kind == ModificationKind.FieldAdded);
    }

    [Fact]
    public void A_personal_copy_has_its_own_one_click_address() // AUTH-53
    {
        var prepared = Prepare(Decorated, $"{Head}\r\nHello\r\n");
        var fields = OneClick.Put(prepared.Fields, Decorated, new Uri("https://lists.example/u/abc"));
        var header = string.Concat(fields.Select(field => Encoding.ASCII.GetString(field.Octets.Span)));
        header.ShouldContain("List-Unsubscribe: <https://lists.example/u/abc>,\r\n <mailto:news-leave@lists.example>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        header.Split("List-Unsubscribe:").Length.ShouldBe(2);
    }

    internal static PreparedPost Prepare(MailingList list, string message, AuthenticationReport? report = null) =>
        Prepare(list, Encoding.Latin1.GetBytes(message), report);

    internal static PreparedPost Prepare(MailingList list, byte[] message, AuthenticationReport? report = null, string? approvedBy = null) =>
        Kitchen.Prepare(list, PostOf(list, message, report ?? Unsigned, approvedBy), RawMessage.Parse(message), Options);

    internal static readonly PrepareOptions Options = new()
    {
        AuthservId = "mx.lists.example",
        TraceFields = "Authentication-Results: mx.lists.example; dkim=pass\r\nReceived: from author by mx.lists.example;\r\n Tue, 24 Nov 2026 00:00:01 +0000\r\n"u8.ToArray(),
        Now = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero),
    };

    internal static Post PostOf(MailingList list, byte[] message, AuthenticationReport report, string? approvedBy = null) => new()
    {
        Id = "01JDEXAMPLE000000000000000",
        List = list.Address,
        ReceivedAt = Options.Now,
        Envelope = Reports.Envelope,
        Report = report,
        AuthenticationResults = "mx.lists.example; dkim=pass",
        Subject = "Hi",
        MessageId = "<1@author.example>",
        Size = message.Length,
        State = PostState.Accepted,
        ApprovedBy = approvedBy,
        Serial = 12,
    };

    internal static string Text(PreparedPost prepared) => Encoding.Latin1.GetString(prepared.ToOctets());

    // Verified by SPF, so that nothing about signatures plays a part.
    private static AuthenticationReport Unsigned => Reports.Alice with { Dkim = [], Dmarc = Reports.Alice.Dmarc with { DkimAligned = false } };
}
