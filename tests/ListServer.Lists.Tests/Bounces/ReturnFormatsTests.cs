using System.Text;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>Notices that mail programs wrote (Data/Returns), and mail that is none.</summary>
public sealed class ReturnFormatsTests
{
    private const string Notice = "From: MAILER-DAEMON@mx.one.example\nSubject: Returned mail\n\n";

    [Theory]
    [InlineData("lhost-amazonworkmail-07", "kijitora@libsisimai.org failed False Transient")]
    [InlineData("lhost-dragonfly-22", "syntaxerror@libsisimai.net failed True Address")]
    [InlineData("lhost-exchange2003-01", "kijitora@example.jp failed True Address")]
    [InlineData("lhost-exim-02", "kijitora@example.jp failed True Address, sabatora@example.jp failed True Address")]
    [InlineData("lhost-ezweb-07", "this-local-part-does-not-exist@ezweb.ne.jp failed True Address")]
    [InlineData("lhost-gmail-06", "kijitora@example.jp delayed False MailboxFull")]
    [InlineData("lhost-gmx-03", "mikeneko@example.co.jp failed True Address, sabineko@example.co.jp failed True MailboxFull")]
    [InlineData("lhost-googlegroups-05", "libsisimai@googlegroups.com failed True Unexplained")]
    [InlineData("lhost-kddi-01", "kijitora@x0000000000000.dion.ne.jp failed True MailboxFull")]
    [InlineData("lhost-mailfoundry-02", "kijitora@example.org failed True MailboxFull")]
    [InlineData("lhost-mailru-03", "mikeneko@example.jp failed True MailboxFull, sabineko@example.jp failed True Address")]
    [InlineData("lhost-mfilter-03", "kijitora@example.org failed True Address")]
    [InlineData("lhost-notes-02", "kijitora@u1.example.co.jp failed True Unexplained")]
    [InlineData("lhost-opensmtpd-02", "mailboxfull@example.jp failed True MailboxFull, userunknown@example.jp failed True Address")]
    [InlineData("lhost-postfix-38", "kijitora@example.org failed False Policy")]
    [InlineData("lhost-qmail-17", "userunknown@libsisimai.net failed True Address, mailboxfull@libsisimai.net failed True MailboxFull")]
    [InlineData("lhost-v5sendmail-01", "kijitora@example.com failed False Transient")]
    [InlineData("lhost-v5sendmail-04", "kijitora@example.ed.jp failed True Address, mikeneko@example.ac.jp failed True Address")]
    [InlineData("lhost-x3-01", "kijitora@example.com failed True Address")]
    [InlineData("rfc3464-35", "kijitora@nyaan.example.com failed True Address, sabatora@cat.example.net delayed False Transient, mikeneko@neko.example.or.jp failed True Address")]
    public void A_notice_names_its_recipients(string file, string expected) =>
        string.Join(", ", Read(file)!.Recipients.Select(r => $"{r.Address} {r.Action.ToString().ToLowerInvariant()} {r.IsPermanent} {r.Class}")).ShouldBe(expected);

    [Theory]
    [InlineData("rfc3834-02")]
    [InlineData("rfc3834-06")]
    [InlineData("arf-mailauth-003")]
    public void Answering_machines_and_complaints_are_no_returns(string file) => Read(file).ShouldBeNull();

    [Theory]
    [InlineData("From: bob@one.example\nSubject: hello\n\nThe following address(es) failed:\n\n  bob@one.example\n")]
    [InlineData("From: bob@one.example\nSubject: Re: failure notice\nIn-Reply-To: <x@one.example>\n\n<bob@one.example>:\nwhat does this mean?\n")]
    [InlineData("From: bob@one.example\nReturn-Path: <>\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nPlease write to\n\nann@one.example\n")]
    [InlineData("From: guard@one.example\nReturn-Path: <>\nSubject: Please confirm\n\nYour mail to bob@one.example waits. Click here.\n")]
    [InlineData("From: postmaster@one.example\nSubject: News of our servers\n\nWrite to help@one.example.\n")]
    public void What_a_person_or_an_answering_machine_writes_is_no_return(string text) => ReturnReader.Read(Parse(text)).ShouldBeNull();

    [Fact]
    public void A_returned_list_post_does_not_name_the_list() =>
        ReturnReader.Read(Parse(Notice + "Your mail could not be delivered.\n\n--- Original message follows ---\nTo: news@lists.example\nList-Id: <news.lists.example>\n\nx\n")).ShouldBeNull();

    [Fact]
    public void The_returned_messages_To_is_meant_where_nobody_is_named()
    {
        var report = ReturnReader.Read(Parse(Notice + "Your mail could not be delivered.\n\n--- Original message follows ---\nTo: <bob@one.example>\nMessage-ID: <p@lists.example>\n\nx\n"));

        report.ShouldNotBeNull().Recipients.ShouldHaveSingleItem().Address.ShouldBe("bob@one.example");
        report.MessageId.ShouldBe("<p@lists.example>");
    }

    [Theory]
    [InlineData("Undeliverable: all trains delayed", "did not reach the following recipient(s):", ReturnAction.Failed)]
    [InlineData("Warning: message 1 delayed 24 hours", "The address to which the message has not yet been delivered is:", ReturnAction.Delayed)]
    [InlineData("Delayed Mail (still being retried)", "THIS IS A WARNING ONLY. The following recipients", ReturnAction.Delayed)]
    public void A_posts_own_subject_makes_no_warning(string subject, string words, ReturnAction expected) =>
        ReturnReader.Read(Parse($"From: postmaster@one.example\nSubject: {subject}\n\n{words}\n\n  bob@one.example\n"))!.Recipients.Single().Action.ShouldBe(expected);

    [Fact]
    public void Failed_recipients_in_the_header_count() =>
        ReturnReader.Read(Parse("X-Failed-Recipients: a@one.example,\n b@one.example\n" + Notice + "Sorry.\n"))!
            .Recipients.Select(r => r.Address).ShouldBe(["a@one.example", "b@one.example"]);

    [Fact]
    public void Words_in_HTML_alone_are_read() =>
        ReturnReader.Read(Parse("Content-Type: text/html\n" + Notice + "<p>Delivery has failed to these recipients or groups:<br><a href=x>bob@one.example</a>&nbsp;</p>"))!
            .Recipients.Single().Address.ShouldBe("bob@one.example");

    [Theory]
    [InlineData("RCPT TO:")]
    [InlineData("Recipient:Recipient ")]
    [InlineData("<a@b.example>:\n")]
    [InlineData("The following address(es) failed:\n")]
    [InlineData("a@")]
    [InlineData("\n")]
    [InlineData("<")]
    [InlineData("550 4.")]
    public void A_megabyte_of_anything_is_answered(string part)
    {
        var text = Notice + string.Concat(Enumerable.Repeat(part, (1 << 20) / part.Length));

        (ReturnReader.Read(Parse(text))?.Recipients.Length ?? 0).ShouldBeLessThanOrEqualTo(100);
        (ReturnReader.Read(Parse("Content-Type: message/delivery-status\n" + text))?.Recipients.Length ?? 0).ShouldBeLessThanOrEqualTo(100);
    }

    private static ReturnReport? Read(string file)
    {
        var octets = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Returns", file + ".eml"));
        PreCheck.Problem(octets).ShouldBeNull();
        return ReturnReader.Read(RawMessage.Parse(octets));
    }

    private static RawMessage Parse(string text) => RawMessage.Parse(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n")));
}
