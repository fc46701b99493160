using System.Text;
using ListServer.Lists.Bounces;
using ListServer.Lists.Notices;
using ListServer.Lists.Tests.Notices;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>AUTH-59: what is refused for policy is an incident of the list's.</summary>
public sealed class IncidentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Incident First = new(
        "news@lists.example", "gmail.com", IncidentCause.Authentication, "bank.example", Noon, Noon, 3, "mx said to the message: 550 5.7.26 unauthenticated");

    public static TheoryData<IncidentCause> Causes => [.. Enum.GetValues<IncidentCause>()];

    [Theory]
    [InlineData("5.7.26", "This mail has been blocked because the sender is unauthenticated.", IncidentCause.Authentication)]
    [InlineData("5.7.515", "Access denied, sending domain EXAMPLE.COM doesn't meet the required authentication level.", IncidentCause.Authentication)]
    [InlineData("5.7.9", "Message not accepted for policy reasons", IncidentCause.Content)]
    [InlineData("5.7.1", "Unauthenticated email from bank.example is not accepted due to domain's DMARC policy.", IncidentCause.Authentication)]
    [InlineData("5.7.1", "Client host [192.0.2.1] blocked using zen.spamhaus.org", IncidentCause.Reputation)]
    [InlineData("5.7.1", "Unfortunately, messages from [192.0.2.1] weren't sent: part of their network is on our block list (S3150).", IncidentCause.Reputation)]
    [InlineData("5.7.1", "Our system has detected that this message is likely unsolicited mail.", IncidentCause.Content)]
    [InlineData("5.7.1", "Message contains spam or virus", IncidentCause.Content)]
    [InlineData("5.7.0", "not today", IncidentCause.Policy)]
    [InlineData("", "", IncidentCause.Policy)]
    public void The_cause_is_in_the_receivers_words(string enhanced, string text, IncidentCause cause) => IncidentCauses.Of(enhanced, text).ShouldBe(cause);

    [Fact]
    public void Further_refusals_add_to_an_open_incident_and_begin_a_closed_one_anew()
    {
        var later = First with { FirstAt = Noon.AddHours(2), LastAt = Noon.AddHours(2), Count = 2, Words = new string('x', 9_000) };

        var grown = Incident.After(First with { ToldAt = Noon }, later);
        grown.ShouldBe(First with { ToldAt = Noon, LastAt = Noon.AddHours(2), Count = 5, Words = new string('x', 500) });

        var closed = grown with { ClosedAt = Noon.AddHours(3), ClosedBy = "olga" };
        var again = later with { FirstAt = Noon.AddHours(5), Words = "550" };
        Incident.After(closed, again).ShouldBe(again with { ToldAt = Noon }, "told within a day: not told again");
        var muchLater = again with { FirstAt = Noon.AddDays(2) };
        Incident.After(closed, muchLater).ShouldBe(muchLater);
    }

    [Fact]
    public void Want_of_authentication_is_an_incident_for_each_author_domain_and_all_else_is_one_for_all()
    {
        First.Id.ShouldBe((First with { Count = 9, Words = "other", List = "NEWS@lists.example" }).Id);
        First.Id.ShouldNotBe((First with { AuthorDomain = "other.example" }).Id);
        First.Id.ShouldNotBe((First with { Destination = "yahoo.com" }).Id);
        var content = First with { Cause = IncidentCause.Content };
        content.Id.ShouldNotBe(First.Id);
        content.Id.ShouldBe((content with { AuthorDomain = "other.example" }).Id);
    }

    [Theory]
    [MemberData(nameof(Causes))]
    public void The_owners_read_what_is_refused_where_why_and_what_to_do_in_their_language(IncidentCause cause)
    {
        foreach (var language in NoticeTemplates.Languages)
        {
            var incident = First with { Cause = cause, Words = "550 5.7.26\u202E no\r\nBcc: x@example.org" };
            var advice = IncidentAdvice.Of(incident, language);
            var notice = Shipped.Templates.Render(NoticeKind.OwnerNews, new NoticeFacts(Reports.List with { Language = language }, "news-owner@lists.example")
            {
                Incidents = [.. Enumerable.Repeat(incident, 23)],
            });

            foreach (var words in new[] { "gmail.com", "bank.example", "2026-11-24 12:00 UTC", "550 5.7.26 no Bcc: x@example.org", advice, $"listserver incident show {incident.Id}" })
            {
                notice.Text.ShouldContain(words);
            }

            notice.Text.ShouldContain(language == "en" ? "There are 3 more" : "ほかに 3 件");
            notice.Text.ShouldNotContain("\n\n\n");
            advice.Split('\n').ShouldAllBe(line => line.EnumerateRunes().Sum(r => r.Value > 0x2E80 ? 2 : 1) <= 76 && line.Length > 0);
        }
    }

    [Fact]
    public void Unauthenticated_authors_are_named_with_the_override_that_helps() =>
        IncidentAdvice.Of(First, "en").ShouldSatisfyAllConditions(
            text => text.ShouldContain("listserver strict accept news@lists.example bank.example"),
            text => text.ShouldContain("listserver list set news@lists.example --mitigation always"));

    [Fact]
    public void What_nobody_asked_for_is_marked_as_generated_not_as_an_answer() =>
        Encoding.ASCII.GetString((new NoticeMail(Reports.List, "a@example.org", new Notice("s", "t\n"), "1", Noon) { IsAnswer = false }).ToOctets())
            .ShouldContain("\r\nAuto-Submitted: auto-generated\r\n");
}
