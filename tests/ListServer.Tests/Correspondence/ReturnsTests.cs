using System.Text;
using ListServer.Admin.Incidents;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Store.Changes;

namespace ListServer.Tests.Correspondence;

/// <summary>-bounces: RFC 3464, AUTH-57, SEC-20.</summary>
public sealed class ReturnsTests : ListStage
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
    public async Task A_return_stands_in_the_trace_of_its_post()
    {
        (await SendAsync(Report(Mia, _post.MessageId), "", Bounces)).ShouldStartWith("250");

        Returns().ShouldBe([$"failed {Mia}: 5.1.1 smtp; 550 no such user"]);
    }

    [Fact]
    public async Task The_same_return_is_told_once()
    {
        await SendAsync(Report(Mia, _post.MessageId), "", Bounces);
        await SendAsync(Report(Mia, _post.MessageId), "", Bounces);

        Returns().Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_return_to_a_members_own_reverse_path_is_about_that_member_whoever_it_names()
    {
        var own = VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow());
        (await SendAsync(Report("elsewhere@far.example", _post.MessageId), "", own)).ShouldStartWith("250");

        Returns().ShouldBe([$"failed {Mia}: 5.1.1 smtp; 550 no such user"]);
    }

    [Fact]
    public async Task Only_a_return_to_a_members_own_reverse_path_counts_against_them()
    {
        await SendAsync(Report(Mia, _post.MessageId), "", Bounces);
        Store.FindBounceScore(List, Mia).ShouldBeNull();

        await SendAsync(Report(Mia, ""), "", VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow()));
        Store.FindBounceScore(List, Mia).ShouldNotBeNull().ShouldSatisfyAllConditions(score => score.Score.ShouldBe(1), score => score.Words.ShouldContain("no such user"));
    }

    [Fact]
    public async Task A_refusal_for_policy_is_an_incident_when_it_came_to_a_members_own_reverse_path_and_nothing_otherwise()
    {
        var report = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Report(Mia, _post.MessageId))
            .Replace("Status: 5.1.1", "Status: 5.7.26", StringComparison.Ordinal).Replace("550 no such user", "550 5.7.26 unauthenticated", StringComparison.Ordinal));
        await SendAsync(report, "", Bounces);
        Store.Incidents(null).ShouldBeEmpty();

        await SendAsync(report, "", VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow()));
        var incident = Store.Incidents(List).ShouldHaveSingleItem();
        (incident.Destination, incident.Cause, incident.AuthorDomain).ShouldBe(("office.example", IncidentCause.Authentication, "signed.example"));
        Store.FindBounceScore(List, Mia).ShouldBeNull();

        (await DoneAsync(new ShowIncident(incident.Id))).Advice.ShouldContain("signed.example");
        (await DoneAsync(new CloseIncident(incident.Id))).ClosedBy.ShouldBe("server");
        (await DoneAsync(new BrowseIncidents(List))).ShouldBeEmpty();
        (await DoneAsync(new BrowseIncidents(null, IsAll: true))).Count.ShouldBe(1);
    }

    /// <summary>RFC 3834 §2, SEC-20: a probe that comes back tells of the probe alone, and nothing ever goes back.</summary>
    [Fact]
    public async Task A_return_of_a_probe_is_about_the_probe_and_a_forged_or_earlier_one_about_nothing()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Store.CommitAsync([.. Enumerable.Range(0, 5).Select(day => new BounceCounted(List, Mia, RefusalClass.Address, now.AddDays(day - 4), "550"))], Cancel);
        await Store.CommitAsync(new ProbeSent(List, Mia, "probe", now), Cancel);
        var probe = VerpToken.ReversePath(Store.Secret.Span, List, Mia, now, isProbe: true);
        var before = (await SentAsync()).Count;
        foreach (var path in new[]
        {
            VerpToken.ReversePath(Store.Secret.Span, List, Mia, now.AddDays(-7), isProbe: true),
            VerpToken.ReversePath(Store.Secret.Span, List, "ann@signed.example", now, isProbe: true),
            VerpToken.ReversePath(new byte[32], List, Mia, now, isProbe: true),
            VerpToken.ReversePath(Store.Secret.Span, List, Mia, now),
            Bounces,
        })
        {
            (await SendAsync(Report("elsewhere@far.example", ""), "", path)).ShouldStartWith("250");
        }

        (await SendAsync(Report("elsewhere@far.example", ""), "mallory@spf.example", probe)).ShouldStartWith("250");
        Store.FindSuspension(List, Mia).ShouldNotBeNull().Result.ShouldBe(ProbeResult.Waiting);

        await SendAsync(Report("elsewhere@far.example", _post.MessageId), "", probe);
        Store.FindSuspension(List, Mia).ShouldNotBeNull().Result.ShouldBe(ProbeResult.Failed);
        Returns().ShouldBeEmpty();
        (await SentAsync()).Count.ShouldBe(before);

        (await DoneAsync(new ShowMember(List, Mia))).Suspension.ShouldNotBeNull().Probes.ShouldBe(1);
        (await DoneAsync(new EnableMember(List, Mia))).GetsCopies.ShouldBeTrue();
        (await DoneAsync(new ShowMember(List, Mia))).ShouldSatisfyAllConditions(detail => detail.Suspension.ShouldBeNull(), detail => detail.Bounces.ShouldBeNull());
    }

    [Fact]
    public async Task A_reverse_path_that_grew_old_or_is_another_lists_changes_nothing()
    {
        foreach (var path in new[]
        {
            VerpToken.ReversePath(Store.Secret.Span, List, Mia, TimeProvider.System.GetUtcNow().AddDays(-15)),
            VerpToken.ReversePath(Store.Secret.Span, "other@lists.example", Mia, TimeProvider.System.GetUtcNow()).Replace("other-", "news-", StringComparison.Ordinal),
            VerpToken.ReversePath(Store.Secret.Span, List, "gone@office.example", TimeProvider.System.GetUtcNow()),
        })
        {
            (await SendAsync(Report(Mia, _post.MessageId), "", path)).ShouldStartWith("250");
        }

        Returns().ShouldBeEmpty();
        Store.FindBounceScore(List, Mia).ShouldBeNull();
    }

    [Fact]
    public async Task A_forged_or_unknown_return_changes_nothing_and_is_never_answered()
    {
        var before = Sink.Mail.Count;
        foreach (var (octets, reversePath, address) in new[]
        {
            (Report(Mia, "<unknown@signed.example>"), "", Bounces),
            (Report(Mia, ""), "", Bounces),
            (Report("stranger@office.example", _post.MessageId), "", Bounces),
            (Report(Mia, _post.MessageId), "mallory@spf.example", Bounces),
            (Report(Mia, _post.MessageId), "", "news-bounces+forged@lists.example"),
            (Report(Mia, _post.MessageId), "", "news-request@lists.example"),
            (Report(Mia, _post.MessageId), "", List),
            (Encoding.ASCII.GetBytes($"From: x@y.example\r\nSubject: failed: {Mia}\r\n\r\n{_post.MessageId}\r\n"), "", Bounces),
        })
        {
            (await SendAsync(octets, reversePath, address)).ShouldStartWith("250");
        }

        Returns().ShouldBeEmpty();
        Store.FindMember(List, Mia).ShouldNotBeNull().IsReceiving.ShouldBeTrue();
        (await SentAsync()).Count.ShouldBe(before);
    }

    private string[] Returns() => [.. Store.Trace(_post.Id).Where(line => line.Stage is TraceStage.Return).Select(line => $"{line.Outcome} {line.Detail}")];

    private static byte[] Report(string recipient, string messageId) => Encoding.ASCII.GetBytes($"""
        From: <mailer-daemon@office.example>
        Subject: Undelivered
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        Sorry.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.office.example

        Final-Recipient: rfc822; {recipient}
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 no such user

        --b
        Content-Type: text/rfc822-headers

        Subject: Hello
        Message-ID: {messageId}

        --b--

        """.ReplaceLineEndings("\r\n"));
}
