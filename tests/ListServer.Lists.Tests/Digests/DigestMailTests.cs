using System.Collections.Immutable;
using System.Text;
using ListServer.Lists.Digests;
using ListServer.Lists.Notices;
using MimeKit;

namespace ListServer.Lists.Tests.Digests;

/// <summary>What a digest looks like, octet by octet and as a mail program reads it.</summary>
public sealed class DigestMailTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly MailingList List = new() { LocalPart = "talk", Domain = "lists.example", DisplayName = "話 Talk" };

    [Fact]
    public void A_MIME_digest_holds_each_post_whole_from_its_own_author()
    {
        var octets = Mail(
            Topic("From: Aiko <aiko@strict.example>\r\nDate: Mon, 01 Mar 2027 08:00:00 +0000\r\nReceived: from home\r\nDKIM-Signature: v=1\r\nSubject: [talk:7] Re: Menu\r\nMessage-ID: <a@x>\r\n\r\nSoup\r\n"),
            Topic("From: ben@plain.example\r\nSubject: Two\r\nContent-Type: text/plain; charset=iso-2022-jp\r\nMIME-Version: 1.0\r\n\r\n\u001b$B2q5D\u001b(B\r\n")).ToMime();

        octets.ShouldAllBe(octet => octet < 128);
        var message = MimeMessage.Load(new MemoryStream(octets), TestContext.Current.CancellationToken);
        message.Subject.ShouldBe("Talk Digest, Vol 2, Issue 5");
        message.From.Mailboxes.Single().Address.ShouldBe("talk-request@lists.example");
        message.ReplyTo.Mailboxes.Single().Address.ShouldBe("talk@lists.example");
        message.Headers["List-Id"]!.ShouldContain("<talk.lists.example>");
        var mixed = message.Body.ShouldBeOfType<Multipart>();
        mixed.Select(part => part.ContentType.MimeType).ShouldBe(["text/plain", "multipart/digest", "text/plain"]);
        ((TextPart)mixed[2]).Text.ReplaceLineEndings("\n").ShouldBe("End of Talk Digest, Vol 2, Issue 5\n**********************************");
        var posts = ((Multipart)mixed[1]).Cast<MessagePart>().Select(part => part.Message!).ToList();
        posts.Select(post => post.From.Mailboxes.Single().Address).ShouldBe(["aiko@strict.example", "ben@plain.example"]);
        posts[0].Headers.Select(header => header.Field).ShouldBe(["From", "Date", "Subject", "Message-ID"]);
        posts[0].TextBody!.ReplaceLineEndings("\n").Trim().ShouldBe("Soup");
        posts[1].TextBody!.Trim().ShouldBe("会議");
    }

    [Fact]
    public void A_plain_digest_has_the_lines_that_RFC_1153_names()
    {
        var rule = new string('-', 30);
        var octets = Mail(Topic($"From: Aiko <aiko@strict.example>\r\nSubject: [talk:7] Re: Menu\r\nTo: talk@lists.example\r\nMessage-ID: <a@x>\r\n\r\nSoup\r\n{rule}\r\nSalad\r\n")).ToPlain();

        Encoding.ASCII.GetString(octets).Split("\r\n\r\n", 2)[1].ShouldBe(
            "1. Re: Menu (Aiko)\r\n\r\n" + new string('-', 70) + "\r\n\r\n"
            + "From: Aiko <aiko@strict.example>\r\nTo: talk@lists.example\r\nSubject: Re: Menu\r\nMessage-ID: <a@x>\r\nMessage: 1\r\n\r\n"
            + $"Soup\r\n {rule}\r\nSalad\r\n\r\n{rule}\r\n\r\nEnd of Talk Digest, Vol 2, Issue 5\r\n**********************************\r\n");
    }

    [Fact]
    public void No_post_begins_a_field_or_a_part_of_the_digest()
    {
        var octets = Mail(Topic("From: x <x@x.example>\r\nSubject: =?utf-8?Q?a=0D=0ABcc:_evil@x.example?=\r\n\r\n--posts-01\r\n--digest-01--\r\n")).ToPlain();

        var message = MimeMessage.Load(new MemoryStream(octets), TestContext.Current.CancellationToken);
        message.Bcc.ShouldBeEmpty();
        message.TextBody!.ShouldNotContain("\nBcc:");
    }

    [Theory]
    [InlineData("2027-03-31", DigestVolume.Monthly, 3, 8)]
    [InlineData("2027-04-01", DigestVolume.Monthly, 4, 1)]
    [InlineData("2027-12-31", DigestVolume.Yearly, 3, 8)]
    [InlineData("2028-03-01", DigestVolume.Monthly, 4, 1)]
    [InlineData("2028-01-01", DigestVolume.Yearly, 4, 1)]
    public void Issues_count_within_a_volume_and_volumes_with_the_calendar(string today, DigestVolume volume, int expectedVolume, int expectedIssue)
    {
        var now = new DateTimeOffset(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);

        DigestNumber.Next(new DigestNumber(3, 7, Now), volume, now).ShouldBe(new DigestNumber(expectedVolume, expectedIssue, now));
        DigestNumber.Next(null, volume, now).ShouldBe(new DigestNumber(1, 1, now));
    }

    private static DigestMail Mail(params ImmutableArray<DigestTopic> topics) => new(
        List,
        new Notice("Talk Digest, Vol 2, Issue 5", string.Concat(topics.Select((topic, i) => $"{i + 1}. {topic.Subject} ({topic.Author})\n"))),
        topics,
        "01JDF3W0Q7T3M3X9V4Y8Z6K2B1",
        Now);

    private static DigestTopic Topic(string octets) => DigestTopic.Of(Encoding.ASCII.GetBytes(octets), Now);
}
