using System.Text;
using CsCheck;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>RFC 3464, RFC 6522.</summary>
public sealed class ReturnReaderTests
{
    private const string Failed = """
        Original-Recipient: rfc822;bob@one.example
        Final-Recipient: RFC822; robert@host.one.example
        Action: failed
        Status: 5.1.1 (no such user)
        Remote-MTA: dns; mx.one.example
        Diagnostic-Code: smtp; 550 5.1.1
            <robert@host.one.example>: no such user


        """;

    private const string Whole = "Content-Type: message/rfc822\n\nMessage-ID: <p1@author.example>\nSubject: x\n\nbody\n";

    [Fact]
    public void A_report_names_recipient_action_status_and_message()
    {
        var report = Read(Failed, Whole).ShouldNotBeNull();

        report.MessageId.ShouldBe("<p1@author.example>");
        report.Recipients.ShouldHaveSingleItem().ShouldBe(new ReturnedRecipient(
            "bob@one.example", "robert@host.one.example", ReturnAction.Failed, "5.1.1", "smtp; 550 5.1.1 <robert@host.one.example>: no such user"));
    }

    [Theory]
    [InlineData("failed", ReturnAction.Failed)]
    [InlineData("Delayed", ReturnAction.Delayed)]
    [InlineData("delivered", ReturnAction.Delivered)]
    [InlineData("relayed", ReturnAction.Delivered)]
    public void A_delay_is_no_failure(string word, ReturnAction action) =>
        Read($"Final-Recipient: rfc822; b@one.example\nAction: {word}\nStatus: 4.4.1\n\n", Whole)!.Recipients.Single().Action.ShouldBe(action);

    [Fact]
    public void The_header_alone_names_the_message() =>
        Read(Failed, "Content-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID: <p1@author.example>\n").ShouldNotBeNull().MessageId.ShouldBe("<p1@author.example>");

    [Fact]
    public void A_report_without_the_message_names_none() => Read(Failed, "").ShouldNotBeNull().MessageId.ShouldBe("");

    [Theory]
    [InlineData("Final-Recipient: rfc822; b@one.example\n\n")]
    [InlineData("Final-Recipient: rfc822; b@one.example\nAction: exploded\n\n")]
    [InlineData("Final-Recipient: x400; /c=xx/\nAction: failed\n\n")]
    [InlineData("Final-Recipient: rfc822; two words@one.example\nAction: failed\n\n")]
    [InlineData("Final-Recipient: b@one.example\nAction: failed\n\n")]
    [InlineData("Action: failed\n\n")]
    [InlineData("")]
    public void A_report_about_nobody_is_none(string recipients) => Read(recipients, Whole).ShouldBeNull();

    [Theory]
    [InlineData("5.1.1", "5.1.1")]
    [InlineData("4.7.28 later", "4.7.28")]
    [InlineData("5.1", "")]
    [InlineData("9.9.9", "")]
    [InlineData("5.1.1234", "")]
    [InlineData("", "")]
    public void A_malformed_status_is_none(string status, string expected) =>
        Read($"Final-Recipient: rfc822; b@one.example\nAction: failed\nStatus: {status}\n\n", Whole)!.Recipients.Single().Status.ShouldBe(expected);

    [Fact]
    public void A_report_is_read_up_to_a_hundred_recipients()
    {
        var many = string.Concat(Enumerable.Range(0, 500).Select(i => $"Final-Recipient: rfc822; b{i}@one.example\nAction: failed\n\n"));

        Read(many, Whole).ShouldNotBeNull().Recipients.Length.ShouldBe(100);
    }

    [Fact]
    public void An_answer_in_words_is_no_report() =>
        ReturnReader.Read(Parse("Subject: Undeliverable: x\n\nWe could not deliver to <bob@one.example>.\n")).ShouldBeNull();

    [Fact]
    public void Any_octets_are_answered() =>
        Gen.Byte.Array[0, 300].Sample(octets => ReturnReader.Read(RawMessage.Parse(octets)) is null or { Recipients.Length: > 0 }, iter: 2_000);

    private static ReturnReport? Read(string recipients, string returned) => ReturnReader.Read(Parse(
        "From: MAILER-DAEMON@one.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
        + "--b\nContent-Type: text/plain\n\nSorry.\n\n"
        + "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.one.example\n\n" + recipients
        + (returned.Length == 0 ? "" : "\n--b\n" + returned)
        + "\n--b--\n"));

    private static RawMessage Parse(string text) => RawMessage.Parse(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n")));
}
