using System.Text;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Tests;

/// <summary>Reports and messages to start from; a test changes what it is about.</summary>
internal static class Reports
{
    public static readonly MailingList List = new() { LocalPart = "news", Domain = "lists.example", DisplayName = "News" };

    public static readonly Envelope Envelope = new("192.0.2.1", "mail.author.example", "alice@author.example", "ESMTP");

    public static readonly DkimResult Signed = new(
        DkimVerdict.Pass, "author.example", "s", "@author.example", "rsa-sha256", "the signature verifies");

    /// <summary>Alice, authenticated by SPF and DKIM, her domain publishing p=none.</summary>
    public static readonly AuthenticationReport Alice = new(
        new AuthorResult("alice@author.example", "author.example", "Alice", null),
        new SpfResult(SpfVerdict.Pass, "author.example", "ip4"),
        new SpfResult(SpfVerdict.Pass, "mail.author.example", "a"),
        [Signed],
        new ArcResult(ArcVerdict.None, 0, null, [], false, "no ARC set"),
        new DmarcResult(DmarcVerdict.Pass, "author.example", "author.example", "author.example", DmarcPolicy.None, DmarcPolicy.None, false, true, true, "DKIM aligned"));

    /// <summary>Alice's name on a message that nothing vouches for.</summary>
    public static AuthenticationReport Forged(DmarcPolicy? policy) => Alice with
    {
        SpfMailFrom = new SpfResult(SpfVerdict.Fail, "author.example", "-all"),
        Dkim = [],
        Dmarc = Alice.Dmarc with
        {
            Verdict = policy is null ? DmarcVerdict.None : DmarcVerdict.Fail,
            RecordDomain = policy is null ? null : "author.example",
            Policy = policy,
            SpfAligned = false,
            DkimAligned = false,
            Reason = policy is null ? "no record" : "nothing aligned passed",
        },
    };

    public static Member Member(MemberRole role) =>
        new("news@lists.example", "alice@author.example", "Alice", role, DateTimeOffset.UnixEpoch, "test");

    public static RawMessage Message(string headerLines = "", string body = "Hello\r\n") =>
        RawMessage.Parse(Encoding.Latin1.GetBytes($"From: Alice <alice@author.example>\r\nTo: news@lists.example\r\nSubject: Hi\r\n{headerLines}\r\n{body}"));
}
