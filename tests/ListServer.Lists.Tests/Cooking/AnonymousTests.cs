using System.Text;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>Lists that hide their authors, and lists that change nothing.</summary>
public sealed class AnonymousTests
{
    private const string Post = """
        Received: from laptop.author.example by mail.author.example; Tue, 24 Nov 2026 00:00:00 +0900
        DKIM-Signature: v=1; d=author.example; s=s; b=x
        Authentication-Results: mx.author.example; auth=pass smtp.auth=alice
        X-Originating-IP: 192.0.2.7
        From: Alice <alice@author.example>
        Sender: alice@author.example
        Reply-To: alice@author.example
        To: news@lists.example, bob@author.example
        Cc: carol@author.example
        Organization: author.example
        Subject: Hi
        Date: Tue, 24 Nov 2026 09:00:00 +0900
        Message-ID: <1@author.example>
        References: <0@author.example> <01JD@lists.example>
        User-Agent: Alice's own
        Autocrypt: addr=alice@author.example
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-ID: <2@author.example>

        Hello

        """;

    private static readonly MailingList Hiding = Reports.List with { IsAnonymous = true, SubjectPrefix = "[News %d]", Footer = "by {{ author_name }}.", Archive = ArchiveAccess.Public };

    [Theory]
    [InlineData(ReplyPolicy.Author)]
    [InlineData(ReplyPolicy.Both)]
    [InlineData(ReplyPolicy.List)]
    public void No_copy_and_no_archived_message_names_the_author(ReplyPolicy replies)
    {
        var list = Hiding with { ReplyTo = replies };
        var octets = Encoding.Latin1.GetBytes(Post.ReplaceLineEndings("\r\n"));
        var post = KitchenTests.PostOf(list, octets, Reports.Alice);
        var options = KitchenTests.Options with { WebAddress = new Uri("https://lists.example/") };
        var prepared = Kitchen.Prepare(list, post, RawMessage.Parse(octets), options);
        prepared.IsAnonymous.ShouldBeTrue();
        foreach (var text in new[] { prepared.ToOctets(), Kitchen.Keep(list, post, RawMessage.Parse(octets), options) }.Select(Encoding.Latin1.GetString))
        {
            text.ShouldNotContain("author.example", Case.Insensitive);
            text.ShouldNotContain("alice", Case.Insensitive);
            text.ShouldNotContain("192.0.2.7");
            text.ShouldNotContain("+0900");
            text.ShouldNotContain(MessageIdHash.Of("<1@author.example>"));
            text.ShouldContain("From: \"News\" <news@lists.example>\r\nTo: <news@lists.example>\r\nReferences: <01JD@lists.example>\r\n");
            text.ShouldContain("Message-ID: <01JDEXAMPLE000000000000000@lists.example>\r\n");
        }

        Encoding.Latin1.GetString(prepared.ToOctets()).ShouldEndWith("Subject: [News 12] Hi\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\nby .\r\n");
        prepared.Decision.Row.ShouldBe(15);
    }

    [Theory]
    [InlineData(DmarcPolicy.Reject, 3)]
    [InlineData(DmarcPolicy.None, 5)]
    public void What_nobody_vouches_for_is_held_there_too(DmarcPolicy policy, int row)
    {
        var prepared = KitchenTests.Prepare(Hiding, Post.ReplaceLineEndings("\r\n"), Reports.Forged(policy));
        prepared.Verdict.ShouldBeOfType<Verdict.Hold>();
        prepared.Decision.Row.ShouldBe(row);
    }

    [Fact]
    public void A_signed_post_names_its_author_and_is_held() => Moderator.Decide(new Candidate
    {
        List = Hiding,
        Envelope = Reports.Envelope,
        Report = Reports.Alice,
        Message = Reports.Message("Content-Type: multipart/signed; boundary=b\r\n"),
        Author = Reports.Member(MemberRole.Member),
        Trust = new(),
    }).Verdict.ShouldBe(new Verdict.Hold("The post is signed, and its signature names the author"));

    [Fact]
    public void A_transparent_list_only_adds_fields()
    {
        var list = Reports.List with { IsTransparent = true, SubjectPrefix = "[News]", Header = "a", Footer = "b", ReplyTo = ReplyPolicy.List, Mitigation = MitigationSetting.Never };
        var message = Post.ReplaceLineEndings("\r\n");
        var prepared = KitchenTests.Prepare(list, message);
        Encoding.Latin1.GetString(prepared.ToOctets()).ShouldEndWith("\r\n" + message);
        prepared.Modifications.ShouldAllBe(m => m.Kind == ModificationKind.FieldAdded);
    }
}
