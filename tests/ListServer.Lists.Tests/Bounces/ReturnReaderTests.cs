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
    [InlineData("Final-Recipient: b@one.example\nAction: failed\n\n")]
    [InlineData("Final-Recipient: rfc822; <b@one.example>\nAction: failed\n\n")]
    [InlineData("Final-Recipient: rfc822; @relay.example:b@one.example\nAction: failed\n\n")]
    [InlineData("Action: failed (no such user)\nFinal-Recipient: rfc822;b@one.example\n\n")]
    [InlineData("Final-Recipient: rfc822;b@one.example\n\nAction: failed\n\n")]
    [InlineData("Original-Recipient: rfc822;b@one.example\nFinal-Recipient: x400; /c=xx/\nAction: failed\n\n")]
    [InlineData("Final-Recipient: rfc822; b@one.example\nStatus: 5.1.1\n\n")]
    public void What_is_malformed_is_read_where_it_can_only_mean_one_thing(string recipients)
    {
        var recipient = Read(recipients, Whole).ShouldNotBeNull().Recipients.ShouldHaveSingleItem();

        (recipient.Address, recipient.Action, recipient.IsPermanent).ShouldBe(("b@one.example", ReturnAction.Failed, true));
    }

    [Fact]
    public void Recipients_without_an_empty_line_between_them_are_told_apart() =>
        Read("Final-Recipient: rfc822; a@one.example\nAction: failed\nFinal-Recipient: rfc822; b@one.example\nAction: delayed\n\n", Whole)!
            .Recipients.Select(r => (r.Address, r.Action)).ShouldBe([("a@one.example", ReturnAction.Failed), ("b@one.example", ReturnAction.Delayed)]);

    [Fact]
    public void A_utf_8_address_is_read_in_its_escaped_form_too() =>
        Read("Final-Recipient: utf-8; j\\x{F6}rg@one.example\nAction: failed\nStatus: 5.1.1\n\n", Whole)!.Recipients.Single().Address.ShouldBe("jörg@one.example");

    [Theory]
    [InlineData("failed", "5.2.1", "", true, RefusalClass.Address)]
    [InlineData("failed", "4.4.7", "smtp; 450 4.2.1 later", false, RefusalClass.Transient)]
    [InlineData("failed", "", "smtp; 451 later", false, RefusalClass.Transient)]
    [InlineData("failed", "", "smtp; 550 no such user", true, RefusalClass.Address)]
    [InlineData("failed", "5.0.0", "smtp; 550 5.7.26 unauthenticated", true, RefusalClass.Policy)]
    [InlineData("failed", "5.0.0", "smtp; 550 5.2.2 sorry", true, RefusalClass.MailboxFull)]
    [InlineData("delayed", "5.1.1", "smtp; 550 no such user", false, RefusalClass.Transient)]
    [InlineData("delayed", "4.7.0", "smtp; 421 4.7.0 user complaints", false, RefusalClass.Policy)]
    public void Permanence_is_the_status_then_the_reply_then_the_action(string action, string status, string words, bool isPermanent, RefusalClass expected)
    {
        var recipient = Read($"Final-Recipient: rfc822; b@one.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {words}\n\n", Whole)!.Recipients.Single();

        (recipient.IsPermanent, recipient.Class).ShouldBe((isPermanent, expected));
    }

    [Theory]
    [InlineData("Final-Recipient: rfc822; b@one.example\n\n")]
    [InlineData("Final-Recipient: rfc822; b@one.example\nAction: exploded\n\n")]
    [InlineData("Final-Recipient: x400; /c=xx/\nAction: failed\n\n")]
    [InlineData("Final-Recipient: rfc822; two words@one.example\nAction: failed\n\n")]
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
