using System.Text;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Bounces;

namespace ListServer.Tests.Correspondence;

/// <summary>Complaints in ARF (RFC 5965) to -bounces: AUTH-76, AUTH-78, SEC-20.</summary>
public sealed class ComplaintsTests : ListStage
{
    private const string Bounces = "news-bounces@lists.example";
    private const string Mia = "mia@office.example";
    private Post _post = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new AddMember(List, Mia));
        await DoneAsync(new AddMember(List, "ann@signed.example"));
        await SendAsync("ann@signed.example", List, "Hello", "all\r\n");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains(Mia)));
        _post = Store.Posts(List, PostState.Distributed, null, 1).Single();
    }

    [Fact]
    public async Task Who_complains_of_abuse_leaves_is_told_once_and_it_stands_in_the_trace_and_the_owners_news()
    {
        var own = VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow());
        var before = (await SentAsync()).Count;
        for (var i = 0; i < 2; i++)
        {
            (await SendAsync(Complaint("abuse", own), "fbl@spf.example", own)).ShouldStartWith("250");
        }

        Store.FindMember(List, Mia).ShouldBeNull();
        Store.FindMember(List, "ann@signed.example").ShouldNotBeNull();
        Complaints().ShouldBe([$"{Mia}: abuse, told by TestFBL/1.0"]);
        Store.MemberNews().Select(news => (news.Address, news.Event)).ShouldBe([(Mia, MemberEvent.Complained)]);
        var notice = (await SentAsync()).Skip(before).ShouldHaveSingleItem();
        (notice.ReversePath, notice.Recipients.Single(), notice.Field("Auto-Submitted")).ShouldBe(("", Mia, "auto-generated"));
        notice.Text.ShouldContain("news-join@lists.example");
    }

    [Fact]
    public async Task The_token_may_stand_in_the_complaint_where_a_provider_sends_all_to_one_address()
    {
        await SendAsync(Complaint("abuse", VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow())), "", Bounces);

        Store.FindMember(List, Mia).ShouldBeNull();
    }

    [Fact]
    public async Task Who_runs_the_list_stays_and_gets_no_more_posts()
    {
        await DoneAsync(new AddMember(List, Mia) { Role = MemberRole.Moderator });
        var own = VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow());
        await SendAsync(Complaint("abuse", own), "", own);

        Store.FindMember(List, Mia).ShouldNotBeNull().ShouldSatisfyAllConditions(m => m.Role.ShouldBe(MemberRole.Moderator), m => m.GetsCopies.ShouldBeFalse());
    }

    [Theory]
    [InlineData("not-spam")]
    [InlineData("virus")]
    [InlineData("auth-failure")]
    public async Task What_is_no_complaint_of_abuse_is_traced_and_no_more(string type)
    {
        var own = VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow());
        var before = (await SentAsync()).Count;
        await SendAsync(Complaint(type, own), "", own);

        Store.FindMember(List, Mia).ShouldNotBeNull().GetsCopies.ShouldBeTrue();
        Complaints().ShouldBe([$"{Mia}: {type}, told by TestFBL/1.0"]);
        (await SentAsync()).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_forged_complaint_changes_nothing_and_is_never_answered()
    {
        var now = TimeProvider.System.GetUtcNow();
        var before = (await SentAsync()).Count;
        foreach (var (named, address) in new[]
        {
            ("", Bounces),
            (Mia, Bounces),
            ("news-bounces+aaaaaaaaaaaaaaaaaaaaaaaaaaaaa@lists.example", Bounces),
            (VerpToken.ReversePath(new byte[32], List, Mia, now), Bounces),
            (VerpToken.ReversePath(Store.Secret.Span, List, Mia, now.AddDays(-15)), Bounces),
            (VerpToken.ReversePath(Store.Secret.Span, "other@lists.example", Mia, now).Replace("other-", "news-", StringComparison.Ordinal), Bounces),
            (VerpToken.ReversePath(Store.Secret.Span, List, "gone@office.example", now), Bounces),
            (VerpToken.ReversePath(Store.Secret.Span, List, Mia, now), "news-bounces+forged@lists.example"),
        })
        {
            (await SendAsync(Complaint("abuse", named), "fbl@spf.example", address)).ShouldStartWith("250");
        }

        Store.FindMember(List, Mia).ShouldNotBeNull().GetsCopies.ShouldBeTrue();
        Complaints().ShouldBeEmpty();
        Store.MemberNews().ShouldBeEmpty();
        (await SentAsync()).Count.ShouldBe(before);
    }

    private string[] Complaints() => [.. Store.Trace(_post.Id).Where(line => line.Outcome == "complaint").Select(line => line.Detail)];

    private byte[] Complaint(string type, string mailFrom) => Encoding.ASCII.GetBytes($"""
        From: <fbl@spf.example>
        Subject: Complaint
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"

        --b
        Content-Type: text/plain

        This is an abuse report.

        --b
        Content-Type: message/feedback-report

        Feedback-Type: {type}
        User-Agent: TestFBL/1.0
        Version: 1
        Original-Mail-From: <{mailFrom}>
        Original-Rcpt-To: <{Mia}>

        --b
        Content-Type: message/rfc822

        Subject: Hello
        Message-ID: {_post.MessageId}

        all

        --b--

        """.ReplaceLineEndings("\r\n"));
}
