using System.Text;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>RFC 5965.</summary>
public sealed class FeedbackReaderTests
{
    [Fact]
    public void A_complaint_tells_type_agent_addresses_and_source()
    {
        var report = FeedbackReader.Read(RawMessage.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Returns", "arf-mailauth-003.eml")))).ShouldNotBeNull();

        (report.FeedbackType, report.UserAgent, report.OriginalMailFrom, report.SourceIp).ShouldBe(("auth-failure", "SomeDKIMFilter/1.0", "randomuser@example.net", "192.0.2.1"));
        report.OriginalRcptTo.ShouldBe(["user@example.com"]);
    }

    [Fact]
    public void The_first_of_a_field_counts_and_every_recipient()
    {
        var report = Read("Feedback-Type: Abuse\nFeedback-Type: fraud\nOriginal-Rcpt-To: <a@one.example>\nOriginal-Rcpt-To: b@one.example\n").ShouldNotBeNull();

        (report.FeedbackType, report.UserAgent, report.OriginalMailFrom, report.SourceIp, report.MessageId).ShouldBe(("abuse", "", null, null, "<p@lists.example>"));
        report.OriginalRcptTo.ShouldBe(["a@one.example", "b@one.example"]);
    }

    [Fact]
    public void Without_a_type_it_is_none() => Read("User-Agent: x\n").ShouldBeNull();

    [Fact]
    public void Ordinary_mail_is_none() => FeedbackReader.Read(RawMessage.Parse("From: a@one.example\r\n\r\nFeedback-Type: abuse\r\n"u8.ToArray())).ShouldBeNull();

    private static FeedbackReport? Read(string fields) => FeedbackReader.Read(RawMessage.Parse(Encoding.ASCII.GetBytes((
        "From: fbl@one.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nA complaint.\n"
        + "--b\nContent-Type: message/feedback-report\n\n" + fields
        + "\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <p@lists.example>\n\nx\n--b--\n").ReplaceLineEndings("\r\n"))));
}
