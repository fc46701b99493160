using System.Diagnostics;
using System.Text;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Moderation;

/// <summary>The rules that look at header and text, with the reasons of LIST-default.</summary>
public sealed class ContentRulesTests
{
    private const string ToList = "To: News <news@lists.example>\r\n";

    [Fact]
    public void In_an_emergency_everybody_waits() =>
        Reason(Settings with { IsEmergency = true }, ToList, role: MemberRole.Owner).ShouldBe("Emergency moderation is in effect for this list");

    [Theory]
    [InlineData("To: ann@example.org\r\n", "Message has implicit destination")]
    [InlineData("", "Message has implicit destination")]
    [InlineData("To: \"news@lists.example\" <ann@example.org>\r\n", "Message has implicit destination")]
    [InlineData("Cc: NEWS@Lists.Example\r\n", null)]
    [InlineData("To: a: b@example.org, news@lists.example;\r\n", null)]
    [InlineData("To: old-news@lists.example\r\n", null)]
    [InlineData("To: any@mirror.example\r\n", null)]
    public void A_post_has_to_name_the_list_or_an_alias(string header, string? reason) =>
        Reason(Settings with { RequiresDestination = true, Aliases = ["old-news@lists.example", "*@mirror.example"] }, header).ShouldBe(reason);

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, "Message has more than 10 recipients")]
    [InlineData(5000, "Message has more than 10 recipients")]
    public void Too_many_recipients_are_held(int others, string? reason) =>
        Reason(Settings with { MaxRecipients = 10 }, ToList + $"Cc: {string.Join(",\r\n ", Enumerable.Range(0, others).Select(i => $"a{i}@example.org"))}\r\n").ShouldBe(others == 0 ? null : reason);

    [Theory]
    [InlineData("unsubscribe", "Hello\r\n", true)]
    [InlineData("Re: help", "Hello\r\n", true)]
    [InlineData("Lunch", "\r\n\r\nsubscribe news\r\n", true)]
    [InlineData("Lunch", "> unsubscribe\r\nNo, you have to write to -leave.\r\n", false)]
    [InlineData("How to unsubscribe from this?", "leave me alone\r\n", false)]
    [InlineData("a \uFFFE", "b \uFFFE\r\n", false)] // what .NET does not normalize stops nothing (SEC-31)
    [InlineData("Lunch", "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nunsubscribe\r\n", false)]
    public void Commands_sent_to_everybody_are_held(string subject, string body, bool isHeld) =>
        Reason(Settings with { HoldsAdministrivia = true }, ToList + $"Subject: {subject}\r\n", body).ShouldBe(isHeld ? "Message contains administrivia" : null);

    [Theory]
    [InlineData("", "Message has no subject")]
    [InlineData("Subject: \r\n", "Message has no subject")]
    [InlineData("Subject: Re: News Digest, Vol 12, Issue 3\r\n", "Message has a digest subject")]
    [InlineData("Subject: A digest\r\n", null)]
    public void Subjects_say_something(string subject, string? reason) =>
        Reason(Settings with { RequiresSubject = true, HoldsDigestQuotes = true }, ToList + subject).ShouldBe(reason);

    [Theory]
    [InlineData("> Today's Topics:\r\n", true)]
    [InlineData(">> End of News Digest, Vol 1, Issue 2\r\n", true)]
    [InlineData("Today's Topics:\r\n", false)]
    public void Whole_digests_in_an_answer_are_held(string body, bool isHeld) =>
        Reason(Settings with { HoldsDigestQuotes = true }, ToList, body).ShouldBe(isHeld ? "Message quotes digest boilerplate" : null);

    [Theory]
    [InlineData("X-Spam-Score: 4.9\r\n", null)]
    [InlineData("X-Spam-Score: 5.0\r\n", typeof(Verdict.Hold))]
    [InlineData("X-Spam-Status: Yes, score=7.1 required=5.0 tests=X,\r\n\tautolearn=no\r\n", typeof(Verdict.Hold))]
    [InlineData("X-Spamd-Result: default: False [5.20 / 15.00];\r\n\tARC_NA(0.00)[]\r\n", typeof(Verdict.Hold))]
    [InlineData("X-Rspamd-Score: 12\r\n", typeof(Verdict.Reject))]
    [InlineData("X-Spam-Score: -100\r\nX-Spam-Score: 12.5\r\n", typeof(Verdict.Reject))]
    [InlineData("X-Spam-Score: NaN\r\nX-Spam-Score: 1e999\r\n", null)]
    public void Spam_filters_in_front_are_heard_and_nobody_makes_their_own_score_better(string header, Type? verdict)
    {
        var decided = Decide(Settings with { SpamHoldScore = 5, SpamRejectScore = 10 }, ToList + header);
        (decided is Verdict.Accept ? null : decided.GetType()).ShouldBe(verdict);
    }

    [Theory]
    [InlineData("Subject: =?utf-8?B?5bqD5ZGKOiDlo7LjgorjgZ7jgZM=?=\r\n", typeof(Verdict.Hold))]
    [InlineData("X-Mailer: BulkMate\r\n 3\r\n", typeof(Verdict.Reject))]
    [InlineData("X-Junk: yes\r\n", typeof(Verdict.Discard))]
    [InlineData("Subject: Hello\r\n", null)]
    public void Header_rules_see_decoded_values(string header, Type? verdict)
    {
        HeaderMatch.TryRead("# ours\n\nhold Subject: ^広告\nreject X-Mailer: bulkmate 3$\ndiscard X-Junk: .", out var rules, out var problem).ShouldBeTrue(problem);
        var decided = Decide(Settings with { HeaderMatches = rules }, ToList + header);
        (decided is Verdict.Accept ? null : decided.GetType()).ShouldBe(verdict);
        decided.Reason.ShouldBe(verdict is null ? "" : $"Header \"{header.Split(':')[0]}\" matched a bounce_matching_header line");
    }

    [Theory]
    [InlineData("hold Subject: ok\nhold Subject: (", "Line 2: the pattern '(' is no regular expression, at character 1")]
    [InlineData("hold Subject: (a)\\1", "refers back")]
    [InlineData("hold Subject: (?=a)", "looks around itself")]
    [InlineData("drop Subject: a", "Line 1: 'drop Subject: a' does not begin with hold, reject or discard")]
    [InlineData("hold Subject", "is no field's name, a colon and a pattern")]
    [InlineData("hold Sub ject: a", "is no field's name")]
    [InlineData("hold Subject: ((a{1000}){1000}){1000}", "Line 1: the pattern")]
    public void A_rule_that_can_t_be_used_names_line_and_cure(string text, string words)
    {
        HeaderMatch.TryRead(text, out var rules, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain(words);
        rules.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*a){20}$")]
    public void No_pattern_takes_long(string pattern)
    {
        HeaderMatch.TryRead($"hold Subject: {pattern}", out var rules, out var problem).ShouldBeTrue(problem);
        var started = Stopwatch.GetTimestamp();

        Decide(Settings with { HeaderMatches = rules }, $"{ToList}Subject: {new string('a', 900)}!\r\n");

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "The author has sent more than 3 messages within 24 hours")]
    public void An_author_who_posts_too_often_is_held(int before, string? reason) =>
        Moderator.Decide(Candidate(Settings with { MaxPostsADay = 3 }, ToList, "", MemberRole.Member) with { PostsOfAuthor = most => Math.Min(before, most) })
            .Verdict.ShouldBe(reason is null ? new Verdict.Accept() : new Verdict.Hold(reason));

    [Theory]
    [InlineData(AuthorAction.Accept, typeof(Verdict.Accept))]
    [InlineData(AuthorAction.Hold, typeof(Verdict.Hold))]
    [InlineData(AuthorAction.Reject, typeof(Verdict.Reject))]
    [InlineData(AuthorAction.Discard, typeof(Verdict.Discard))]
    public void The_list_says_what_becomes_of_nonmembers(AuthorAction action, Type verdict) =>
        Moderator.Decide(Candidate(Settings with { Nonmembers = action }, ToList, "", MemberRole.Member) with { Author = null }).Verdict.ShouldBeOfType(verdict);

    [Fact]
    public void All_reasons_to_hold_are_named_and_a_moderator_who_is_proven_is_not_asked()
    {
        var all = ModerationSettings.OfNewLists;
        Reason(all, "", "unsubscribe\r\n").ShouldBe("Message contains administrivia; Message has implicit destination; Message has no subject");
        Reason(all, ToList, "unsubscribe\r\n", MemberRole.Moderator).ShouldBeNull();
    }

    [Fact]
    public void Lists_of_before_hold_nothing_more() => Reason(Settings, "", "unsubscribe\r\n").ShouldBeNull();

    private static ModerationSettings Settings => new();

    private static string? Reason(ModerationSettings settings, string header, string body = "", MemberRole role = MemberRole.Member) =>
        Decide(settings, header, body, role) is Verdict.Hold hold ? hold.Reason : null;

    private static Verdict Decide(ModerationSettings settings, string header, string body = "", MemberRole role = MemberRole.Member) =>
        Moderator.Decide(Candidate(settings, header, body, role)).Verdict;

    private static Candidate Candidate(ModerationSettings settings, string header, string body, MemberRole role) => new()
    {
        List = Reports.List with { Moderation = settings },
        Envelope = Reports.Envelope,
        Report = Reports.Alice,
        Message = RawMessage.Parse(Encoding.UTF8.GetBytes($"From: <alice@author.example>\r\nDate: Mon, 01 Mar 2027 09:00:00 +0000\r\n{header}\r\n{body}")),
        Author = Reports.Member(role),
        Trust = new OperatorTrust(),
    };
}
