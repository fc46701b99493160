using ListServer.Lists.Bounces;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>AUTH-59, RFC 3463, RFC 5321 §4.2.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(550, "5.1.1", "no such user")]
    [InlineData(550, "5.1.1", "<spam-dmarc@one.example>: Recipient address rejected; see https://one.example/policy/spam")]
    [InlineData(550, "", "User unknown")]
    [InlineData(550, "5.7.1", "<b@one.example>: Recipient address rejected: User unknown in relay recipient table")]
    [InlineData(550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)")]
    [InlineData(554, "5.2.1", "The email account that you tried to reach is disabled")]
    [InlineData(0, "5.1.10", "")]
    [InlineData(0, "5.4.4", "Unable to look it up")]
    public void A_dead_address_is_the_address(int code, string enhanced, string text) => Classify(code, enhanced, text).ShouldBe(RefusalClass.Address);

    [Theory]
    [InlineData(550, "5.7.26", "Unauthenticated email from author.example is not accepted due to domain's DMARC policy")]
    [InlineData(550, "5.7.1", "")]
    [InlineData(554, "", "Message refused: SPF fail")]
    [InlineData(550, null, "rejected because 192.0.2.1 is in a black list at zen.example")]
    [InlineData(550, "5.1.1", "Blocked using RBL")]
    [InlineData(552, "5.7.0", "This message was blocked because its content presents a potential security issue")]
    [InlineData(554, "5.0.0", "Access denied")]
    [InlineData(421, "4.7.0", "[TS01] Messages from 192.0.2.1 temporarily deferred due to user complaints")]
    public void Policy_and_spam_are_policy(int code, string? enhanced, string text) => Classify(code, enhanced, text).ShouldBe(RefusalClass.Policy);

    [Theory]
    [InlineData(552, "5.2.2", "")]
    [InlineData(452, "4.2.2", "The email account that you tried to reach is over quota")]
    [InlineData(550, "", "mailbox is full")]
    [InlineData(552, "", "Requested mail action aborted")]
    public void A_full_mailbox_is_full(int code, string enhanced, string text) => Classify(code, enhanced, text).ShouldBe(RefusalClass.MailboxFull);

    [Theory]
    [InlineData(450, "4.7.1", "Greylisted for spam, come again")]
    [InlineData(451, "", "")]
    [InlineData(450, "4.1.1", "user unknown")]
    [InlineData(0, "4.4.7", "expired")]
    [InlineData(550, "4.3.0", "inner")]
    public void What_may_pass_is_transient(int code, string enhanced, string text) => Classify(code, enhanced, text).ShouldBe(RefusalClass.Transient);

    [Theory]
    [InlineData(552, "5.3.4", "Message size exceeds fixed limit", RefusalClass.Message)]
    [InlineData(554, "5.6.7", "", RefusalClass.Message)]
    [InlineData(554, "5.4.6", "Too many hops", RefusalClass.Route)]
    [InlineData(0, "", "this message has been in the queue too long", RefusalClass.Route)]
    [InlineData(0, "", "retry timeout exceeded", RefusalClass.Route)]
    [InlineData(550, "5.0.0", "User has too many messages on the server", RefusalClass.MailboxFull)]
    [InlineData(550, "5.5.0", "The recipient account is blocked", RefusalClass.Address)]
    [InlineData(554, "4.0.0", "Blocked - see our page", RefusalClass.Policy)]
    [InlineData(550, "", "", RefusalClass.Unexplained)]
    [InlineData(0, "5.0.0", "verblose responsefs", RefusalClass.Unexplained)]
    [InlineData(0, "5.99999999999.1", "", RefusalClass.Unexplained)]
    [InlineData(0, "", "", RefusalClass.Unexplained)]
    public void The_rest_is_told_apart(int code, string enhanced, string text, RefusalClass expected) => Classify(code, enhanced, text).ShouldBe(expected);

    private static RefusalClass Classify(int code, string? enhanced, string text) => Refusal.Classify(code, enhanced, text);
}
