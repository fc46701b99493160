using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Digests;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;
using ListServer.Tests.Correspondence;

namespace ListServer.Tests.Digests;

/// <summary>Digests and summaries on their way to members, with a server that stops in between.</summary>
public sealed class DigestTests : ListStage
{
    [Fact]
    public async Task Each_post_is_in_one_digest_in_the_form_that_the_member_chose_and_copies_go_to_the_others()
    {
        await JoinAsync(("reg@a.example", DeliveryChoice.Regular), ("mime@a.example", DeliveryChoice.MimeDigest), ("plain@b.example", DeliveryChoice.PlainDigest));
        await DoneAsync(new ChangeList(List, new ListSettings { DigestKilobytes = 1, SubjectPrefix = "[news:%d]", Footer = "the footer", Posting = PostingPolicy.Open }));

        await PostAsync("First", "small");
        await UntilAsync(() => Store.DigestPosts().Count() == 1);
        await RestartAsync();
        await PostAsync("Second", new string('x', 70) + "\r\n" + string.Concat(Enumerable.Repeat("a line of a longer post\r\n", 40)));
        await UntilAsync(() => Sink.Mail.Count >= 4 && !Store.DigestPosts().Any());

        var mails = await SentAsync();
        mails.Count(mail => mail.Recipients.Contains("reg@a.example")).ShouldBe(2);
        var mime = mails.Single(mail => mail.Recipients.Contains("mime@a.example"));
        var plain = mails.Single(mail => mail.Recipients.Contains("plain@b.example"));
        mime.Text.ShouldContain("Content-Type: multipart/digest");
        mime.Text.ShouldContain("From: <ann@strict.example>\r\n");
        mime.Text.ShouldContain("1. First (ann@strict.example)\r\n2. Second (ann@strict.example)\r\n");
        mime.Text.ShouldNotContain("the footer");
        plain.Text.ShouldContain("Message: 2\r\n");
        plain.Text.ShouldContain("Subject: News Digest, Vol 1, Issue 1\r\n");
        (await VerifyAsync(mime)).Dmarc.Verdict.ShouldBe(ListServer.MailAuth.Dmarc.DmarcVerdict.Pass);
        (await VerifyAsync(plain)).Dmarc.Verdict.ShouldBe(ListServer.MailAuth.Dmarc.DmarcVerdict.Pass);
    }

    [Fact]
    public async Task A_digest_is_issued_once_whoever_asks_again()
    {
        await JoinAsync(("mime@a.example", DeliveryChoice.MimeDigest));
        await DoneAsync(new ChangeList(List, new ListSettings { Posting = PostingPolicy.Open }));
        await PostAsync("First", "small");
        await UntilAsync(() => Store.DigestPosts().Count() == 1);
        var issued = new DigestIssued(List, [Store.DigestPosts().Single().PostId], IsSummary: false, new DigestNumber(1, 1, DateTimeOffset.UnixEpoch));

        await Store.CommitAsync(issued, Cancel);

        await Should.ThrowAsync<InvalidOperationException>(() => Store.CommitAsync(issued, Cancel));
        await UntilAsync(() => !Store.Spool.Contains(issued.PostIds[0]));
    }

    [Fact]
    public async Task A_list_without_readers_of_digests_keeps_nothing_for_them()
    {
        await JoinAsync(("reg@a.example", DeliveryChoice.Regular));
        await DoneAsync(new ChangeList(List, new ListSettings { Posting = PostingPolicy.Open }));

        await PostAsync("First", "small");
        await UntilAsync(() => Sink.Mail.Count == 1);

        Store.DigestPosts().ShouldBeEmpty();
    }

    private async Task JoinAsync(params (string Address, DeliveryChoice Delivery)[] members)
    {
        foreach (var (address, delivery) in members)
        {
            await DoneAsync(new AddMember(List, address));
            await DoneAsync(new SetMember(List, address) { Delivery = delivery });
        }
    }

    private async Task PostAsync(string subject, string body) => (await SendAsync("ann@strict.example", List, subject, body)).ShouldStartWith("250");
}
