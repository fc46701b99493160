using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;

namespace ListServer.Fuzz;

/// <summary>Readers of whole messages in ListServer.Lists; each stands behind PreCheck, as in the house.</summary>
internal static class MessageTargets
{
    private const string Report = "From: MAILER-DAEMON@a.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n\r\n<u@a.example>: 550 5.1.1 no such user\r\n--b\r\n"
        + "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\nOriginal-Recipient: rfc822;u@a.example\r\nFinal-Recipient: utf-8; \\x{F6}@a.example\r\nAction: failed\r\n"
        + "Status: 5.1.1 (no)\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n no\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nTo: u@a.example\r\nMessage-ID: <i@a.example>\r\n\r\nx\r\n--b--\r\n";

    private const string Notice = "From: MAILER-DAEMON@a.example\r\nSubject: Returned mail\r\nReturn-Path: <>\r\nX-Failed-Recipients: u@a.example\r\n\r\nThe following address(es) failed:\r\n\r\n  Recipient: u@a.example\r\n"
        + "    host b [192.0.2.1]: 550 5.1.1 no\r\n\r\n   ----- Transcript of session follows -----\r\n550 <u@a.example>... no\r\nRCPT TO:\r\n\r\n------ This is a copy\r\nTo: u@a.example\r\n";

    private const string Html = "From: postmaster@a.example\r\nContent-Type: text/html\r\n\r\n<p>Delivery has failed to these recipients or groups:<br>\r\n<a href=\"mailto:u@a.example\">u@a.example</a> &lt;x&gt;";

    private const string Feedback = "From: a@a.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x\r\n"
        + "Original-Rcpt-To: <u@a.example>\r\nSource-IP: 192.0.2.1\r\n--b--\r\n";

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("returns", o => _ = PreCheck.Problem(o) is null ? ReturnReader.Read(RawMessage.Parse(o))?.Recipients.Count(r => r.Class is RefusalClass.Policy) : 0, Report, Notice, Html),
        new("feedback", o => _ = PreCheck.Problem(o) is null ? FeedbackReader.Read(RawMessage.Parse(o))?.OriginalRcptTo.Length : 0, Feedback),
        new("refusal", o => _ = Refusal.Classify(550, "5.7.1", System.Text.Encoding.Latin1.GetString(o)), "550 5.1.1 no such user <u@a.example> spam https://a.example"),
    ];
}
