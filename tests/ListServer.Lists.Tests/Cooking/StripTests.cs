using System.Text;
using ListServer.Lists.Cooking;

namespace ListServer.Lists.Tests.Cooking;

public sealed class StripTests
{
    private const string Head = "From: Alice <alice@author.example>\r\nTo: news@lists.example\r\nSubject: Hi\r\n";

    [Theory] // AUTH-48, 51, 65; SEC-17; LIST-default
    [InlineData("List-Id: <other.example>")]
    [InlineData("LIST-UNSUBSCRIBE : <mailto:x@y>")]
    [InlineData("List-Unsubscribe-Post: List-Unsubscribe=One-Click")]
    [InlineData("List-Anything: x")]
    [InlineData("BIMI-Selector: v=BIMI1; s=x")]
    [InlineData("Delivered-To: news@lists.example")]
    [InlineData("Return-Path: <x@y>")]
    [InlineData("Bcc: secret@author.example")]
    [InlineData("Resent-Bcc: secret@author.example")]
    [InlineData("Approved: password")]
    [InlineData("X-Approve: password")]
    [InlineData("Disposition-Notification-To: alice@author.example")]
    [InlineData("Return-Receipt-To: alice@author.example")]
    [InlineData("X-Confirm-Reading-To: alice@author.example")]
    [InlineData("X-PMRQC: 1")]
    [InlineData("Urgent: password")]
    [InlineData("Precedence: bulk")]
    [InlineData("Archived-At: <https://evil.example/>")]
    [InlineData("Authentication-Results: mx.lists.example; dmarc=pass header.from=author.example")]
    [InlineData("Authentication-Results: (x) MX.lists.example (y) 1; dmarc=pass")]
    [InlineData("Authentication-Results:\r\n \"mx.lists.example\"; dmarc=pass")]
    [InlineData("no colon at all")]
    [InlineData(": no name")]
    [InlineData("a name: with a space")]
    public void What_must_not_pass_through_a_list_is_taken_out(string field)
    {
        var prepared = KitchenTests.Prepare(Reports.List, $"X-Kept: 1\r\n{field}\r\n{Head}\r\nbody\r\n");
        KitchenTests.Text(prepared).ShouldEndWith($"\r\nX-Kept: 1\r\n{Head}\r\nbody\r\n");
        prepared.Modifications.ShouldContain(m => m.Kind == ModificationKind.FieldRemoved || m.Kind == ModificationKind.TraceRemoved);
    }

    [Theory]
    [InlineData("Authentication-Results: mx.author.example; dmarc=pass")]
    [InlineData("Authentication-Results: mx.lists.example.author.example; dmarc=pass")]
    [InlineData("Authentication-Results: x (mx.lists.example); dmarc=pass")]
    [InlineData("ARC-Seal: i=1; junk")]
    [InlineData("DKIM-Signature: junk")]
    [InlineData("Received: from x")]
    [InlineData("Autocrypt: addr=x")]
    [InlineData("Listing: x")]
    [InlineData("X-Loop: other@lists.example")]
    public void What_is_somebody_else_s_stays(string field)
    {
        var text = KitchenTests.Text(KitchenTests.Prepare(Reports.List, $"{field}\r\n{Head}\r\nbody\r\n"));
        text.ShouldEndWith($"{field}\r\n{Head}\r\nbody\r\n");
    }

    [Fact]
    public void A_list_that_announces_says_that_nobody_may_post() // RFC 2369 §3.4
    {
        var prepared = KitchenTests.Prepare(Reports.List with { Posting = PostingPolicy.AnnounceOnly }, $"{Head}\r\nbody\r\n");
        KitchenTests.Text(prepared).ShouldContain("\r\nList-Post: NO\r\n");
    }

    [Fact]
    public void A_message_without_Message_ID_and_Date_gets_them_always_the_same()
    {
        var first = KitchenTests.Text(KitchenTests.Prepare(Reports.List, $"{Head}\r\nbody\r\n"));
        first.ShouldStartWith("Message-ID: <01JDEXAMPLE000000000000000@lists.example>\r\nDate: Tue, 24 Nov 2026 00:00:00 +0000\r\n");
        KitchenTests.Text(KitchenTests.Prepare(Reports.List, $"{Head}\r\nbody\r\n")).ShouldBe(first);
    }

    [Theory] // AUTH-80
    [InlineData("", "Feedback-ID: news:lists.example:list:listserver\r\n")]
    [InlineData("Feedback-ID: a:b:c:author1\r\n", "Feedback-ID: a:b:c:author1\r\n")]
    [InlineData("Feedback-ID: a:b:c:author1\r\nfeedback-id: d:e:f:author1\r\n", "Feedback-ID: news:lists.example:list:listserver\r\n")]
    public void There_is_one_Feedback_ID_and_an_author_s_own_stays(string own, string expected)
    {
        var text = KitchenTests.Text(KitchenTests.Prepare(Reports.List, $"{own}{Head}\r\nbody\r\n"));
        text.ShouldContain(expected);
        text.Split("feedback-id:", StringSplitOptions.None).Length.ShouldBe(1);
        text.Split("Feedback-ID:", StringSplitOptions.None).Length.ShouldBe(2);
    }

    [Theory] // SEC-7, SEC-9
    [InlineData("From: alice@author.example\nSubject: x\rBcc: y@z\n\nline\rone\ntwo\0\n", "Subject: x?Bcc: y@z\r\n\r\nline\r\none\r\ntwo\r\n")]
    [InlineData("From: alice@author.example\r\nSubject: no end", "Subject: no end\r\n\r\n")]
    [InlineData("From: alice@author.example\r\nSubject: no body\r\n", "Subject: no body\r\n\r\n")]
    [InlineData("From: alice@author.example\r\nSubject: a\0b\r\n\r\n\r\n.\r\n", "Subject: a?b\r\n\r\n\r\n.\r\n")]
    [InlineData("Subject: x\r\nFrom: alice@author.example\r\n\r(\r\n\0 (\r\n\r\nb\r\n", "\r\nFrom: alice@author.example\r\n\r\nb\r\n")]
    public void Line_ends_are_CRLF_and_nothing_else_makes_or_ends_a_field(string message, string expected) =>
        KitchenTests.Text(KitchenTests.Prepare(Reports.List, message)).ShouldEndWith(expected);

    [Fact]
    public void Settings_can_t_break_the_header() // SEC-9
    {
        var list = Reports.List with
        {
            DisplayName = "Ne\r\nBcc: evil@example.org\r\nws \"quoted\\\" \u202e\0",
            SubjectPrefix = "[x]\r\nBcc: evil@example.org\r\n",
            Footer = "a\r\n.\r\nb\0c",
        };
        foreach (var mitigation in Enum.GetValues<MitigationSetting>())
        {
            var text = KitchenTests.Text(KitchenTests.Prepare(list with { Mitigation = mitigation }, $"{Head}\r\nbody\r\n"));
            text.ShouldNotContain("\nBcc");
            text.ShouldNotContain("\0");
            Encoding.Latin1.GetBytes(text).ShouldAllBe(b => b < 0x80);
        }
    }
}
