using System.Text;
using ListServer.Lists.Announcements;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Announcements;

/// <summary>What an announcement has to show before it is sent (AUTH-82, AUTH-83).</summary>
public sealed class AnnouncementCheckTests
{
    private const string All = "株式会社例\r\n東京都千代田区1-2-3\r\nsupport@shop.example\r\nnews-leave@lists.example\r\n";

    private static readonly MailingList Shop = Reports.List with { Sender = new ListSender("株式会社例", "東京都千代田区1-2-3", "support@shop.example") };

    [Fact]
    public void A_list_that_does_not_advertise_needs_a_body_and_no_more()
    {
        AnnouncementCheck.Problem(Reports.List, Reports.Message()).ShouldBeNull();
        AnnouncementCheck.Problem(Reports.List, Reports.Message(body: "")).ShouldBe("The message has no body.");
        AnnouncementCheck.Problem(Shop, Reports.Message(body: " \r\n\t\r\n")).ShouldBe("The message has no body.");
    }

    [Theory]
    [InlineData("株式会社例", "the sender's name")]
    [InlineData("東京都千代田区1-2-3", "the sender's address")]
    [InlineData("support@shop.example", "the contact")]
    [InlineData("news-leave@lists.example", "how to leave")]
    public void AUTH_82_name_address_contact_and_how_to_leave_are_shown(string left, string what)
    {
        AnnouncementCheck.Problem(Shop, Text(All)).ShouldBeNull();
        AnnouncementCheck.Problem(Shop, Text(All.Replace(left, "", StringComparison.Ordinal)))!.ShouldSatisfyAllConditions(
            problem => problem.ShouldStartWith($"An announcement to news@lists.example has to show, in itself or in the list's footer: {what}, "),
            problem => problem.ShouldContain(left),
            problem => problem.ShouldEndWith(" (not in the text)."),
            problem => problem.ShouldNotContain(";"));
    }

    [Fact]
    public void The_list_s_footer_counts_and_so_do_folded_lines_full_width_forms_and_any_encoding()
    {
        AnnouncementCheck.Problem(Shop with { Footer = All.ReplaceLineEndings("\n") }, Text("Sale!\r\n")).ShouldBeNull();
        AnnouncementCheck.Problem(Shop, Text("株式会社\r\n例\r\n東京都千代田区１-２-３\r\nSUPPORT@shop.example\r\nnews-request@lists.example\r\n")).ShouldBeNull();
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(All));
        AnnouncementCheck.Problem(Shop, Message("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n", base64 + "\r\n")).ShouldBeNull();
    }

    [Fact]
    public void Who_reads_the_HTML_is_shown_it_too()
    {
        const string Link = "<a href=\"mailto:news-leave%40lists.example\">配信停止</a>";
        const string Html = $"<style>p {{ color: red }}</style><p>株式会社&#20363;</p><p>東京都千代田区<b>1-2-3</b></p><p>support@shop.example</p>{Link}";
        AnnouncementCheck.Problem(Shop, Both(All, Html)).ShouldBeNull();
        AnnouncementCheck.Problem(Shop, Both(All, Html.Replace(Link, "", StringComparison.Ordinal)))!.ShouldEndWith("how to leave, news-leave@lists.example or news-request@lists.example (not in the HTML).");
        AnnouncementCheck.Problem(Shop, Both(All, $"<style>{All}</style><title>{All}</title>"))!.ShouldContain("the sender's name, 株式会社例 (not in the HTML); ");
        AnnouncementCheck.Problem(Shop, Message("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", Html + "\r\n")).ShouldBeNull();
        AnnouncementCheck.Problem(Shop, Message("Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n", "iVBORw0KGgo=\r\n"))!.ShouldContain("the contact, ");
    }

    private static RawMessage Text(string text) => Message("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", text);

    private static RawMessage Both(string text, string html) => Message(
        "Content-Type: multipart/alternative; boundary=b\r\n",
        $"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n");

    private static RawMessage Message(string header, string body) =>
        RawMessage.Parse(Encoding.UTF8.GetBytes($"From: shop@shop.example\r\nSubject: Sale\r\nMIME-Version: 1.0\r\n{header}\r\n{body}"));
}
