using ListServer.Lists.Commands;

namespace ListServer.Lists.Tests.Commands;

/// <summary>RFC 3834 §2, AUTH-56, SEC-19, SEC-20.</summary>
public sealed class AutoReplyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Auto-Submitted: no\r\n")]
    [InlineData("Auto-Submitted: No (a person)\r\n")]
    [InlineData("Precedence: first-class\r\n")]
    [InlineData("X-List-Something: 1\r\n")]
    public void A_persons_mail_may_be_answered(string header) => Problem(header).ShouldBeNull();

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\r\n")]
    [InlineData("Auto-Submitted: auto-generated; owner-email=\"a@b\"\r\n")]
    [InlineData("AUTO-SUBMITTED: Auto-Notified (x)\r\n")]
    [InlineData("Auto-Submitted:\r\n")]
    [InlineData("List-Id: <other.example>\r\n")]
    [InlineData("List-Unsubscribe: <mailto:x@y>\r\n")]
    [InlineData("list-post : NO\r\n")]
    [InlineData("Precedence: bulk\r\n")]
    [InlineData("Precedence: list\r\n")]
    [InlineData("precedence: JUNK\r\n")]
    [InlineData("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n")]
    public void A_programs_mail_is_never_answered(string header) => Problem(header).ShouldNotBeNull();

    [Theory]
    [InlineData("", "alice@author.example")]
    [InlineData("MAILER-DAEMON@author.example", "alice@author.example")]
    [InlineData("alice@author.example", "mailer-daemon@author.example")]
    [InlineData("noreply@author.example", "noreply@author.example")]
    [InlineData("owner-things@author.example", "alice@author.example")]
    [InlineData("things-bounces+alice=x@author.example", "alice@author.example")]
    [InlineData("things-request@author.example", "alice@author.example")]
    [InlineData("alice@author.example", "news@lists.example")]
    [InlineData("news-join@lists.example", "alice@author.example")]
    public void An_address_without_a_person_is_never_answered(string reversePath, string author) =>
        Problem("", reversePath, author).ShouldNotBeNull();

    private static string? Problem(string header, string reversePath = "alice@author.example", string author = "alice@author.example") =>
        AutoReply.Problem(
            Reports.Envelope with { ReversePath = reversePath },
            Reports.Message(header),
            author,
            address => address.EndsWith("@lists.example", StringComparison.Ordinal));
}
