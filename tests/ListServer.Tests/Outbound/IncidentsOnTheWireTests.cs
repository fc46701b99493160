using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Outbound;
using ListServer.Store.Changes;

namespace ListServer.Tests.Outbound;

/// <summary>AUTH-59: what receivers refuse for policy in the session is an incident of the list's, and never a member's.</summary>
public sealed class IncidentsOnTheWireTests
{
    private const string List = "list@example.org";
    private static readonly string[] Members = ["mia@gmail.example", "ben@gmail.example", "kei@gmail.example"];

    [Theory]
    [InlineData("RCPT", "550 5.7.1 rejected by DMARC policy", IncidentCause.Authentication)]
    [InlineData(".", "550-5.7.26 Your email has been blocked because the sender\r\n550 5.7.26 is unauthenticated", IncidentCause.Authentication)]
    [InlineData(".", "554 5.7.1 this looks like spam", IncidentCause.Content)]
    [InlineData("MAIL", "550 5.7.1 Client host blocked using zen.spamhaus.org", IncidentCause.Reputation)]
    [InlineData("RCPT", "550 5.7.0 not today", IncidentCause.Policy)]
    public async Task One_incident_holds_all_that_is_refused_for_one_cause_and_no_score(string verb, string reply, IncidentCause cause)
    {
        await using var peer = new Peer { On = line => line.StartsWith(verb, StringComparison.Ordinal) ? reply : null };
        await using var stage = await StartAsync(peer);

        (await stage.SettledAsync(await stage.QueueAsync(Members, author: "a@bank.example"))).Refused.ShouldBe(3);
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        (await stage.SettledAsync(await stage.QueueAsync(Members[..1], author: "b@BANK.example"))).Refused.ShouldBe(1);

        var incident = stage.Store.Incidents(List).ShouldHaveSingleItem();
        (incident.Destination, incident.Cause, incident.AuthorDomain, incident.Count).ShouldBe(("gmail.example", cause, "bank.example", 4L));
        (incident.LastAt - incident.FirstAt).ShouldBe(TimeSpan.FromSeconds(1));
        incident.Words.ShouldContain(reply.Split(' ')[^1]);
        Members.ShouldAllBe(member => stage.Store.FindBounceScore(List, member) == null);
    }

    [Fact]
    public async Task It_ends_with_the_next_post_that_is_taken_there_not_with_other_copies_of_the_refused_one()
    {
        var refuses = true;
        await using var peer = new Peer { On = line => refuses && line.StartsWith("RCPT TO:<mia", StringComparison.Ordinal) ? "550 5.7.1 spam" : null };
        await using var stage = await StartAsync(peer);

        (await stage.SettledAsync(await stage.QueueAsync(Members))).ShouldSatisfyAllConditions(t => t.Refused.ShouldBe(1), t => t.Delivered.ShouldBe(2));
        stage.Store.Incidents(List).ShouldHaveSingleItem().IsOpen.ShouldBeTrue();

        refuses = false;
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await stage.SettledAsync(await stage.QueueAsync("x@elsewhere.example"));
        stage.Store.Incidents(List).ShouldHaveSingleItem().IsOpen.ShouldBeTrue();

        await stage.SettledAsync(await stage.QueueAsync(Members));
        stage.Store.Incidents(List).ShouldHaveSingleItem().IsOpen.ShouldBeFalse();
        stage.Store.Incidents(List).Single().ClosedBy.ShouldBe("copies are taken again");
    }

    [Fact]
    public async Task Want_of_authentication_ends_only_with_a_post_by_an_author_of_the_same_domain()
    {
        var refuses = true;
        await using var peer = new Peer { On = line => refuses && line == "." ? "550 5.7.26 unauthenticated" : null };
        await using var stage = await StartAsync(peer);
        await stage.SettledAsync(await stage.QueueAsync(Members, author: "a@bank.example"));

        refuses = false;
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await stage.SettledAsync(await stage.QueueAsync(Members, author: "c@friend.example"));
        stage.Store.Incidents(List).ShouldHaveSingleItem().IsOpen.ShouldBeTrue();

        await stage.SettledAsync(await stage.QueueAsync(Members, author: "b@bank.example"));
        stage.Store.Incidents(List).ShouldHaveSingleItem().IsOpen.ShouldBeFalse();
    }

    private static async Task<DeliveryStage> StartAsync(Peer peer)
    {
        var stage = new DeliveryStage(new OutboundOptions { Smarthost = peer.Address, SmarthostTls = TlsMode.None });
        await stage.Store.CommitAsync(
            [
                new ListSaved(new MailingList { LocalPart = "list", Domain = "example.org", DisplayName = "List" }),
                new MembersSaved(List, [.. Members.Select(address => new Member(List, address, "", MemberRole.Member, stage.Clock.GetUtcNow(), "test"))]),
            ],
            TestContext.Current.CancellationToken);
        stage.Start();
        return stage;
    }
}
