using ListServer.Admin.Members;
using ListServer.Admin.Shares;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Tests.Shares;

/// <summary>普及状況: how far members' and authors' domains are, from what is kept; nobody is asked.</summary>
public sealed class ShareTests : AdminStage
{
    [Fact]
    public async Task Members_domains_are_counted_by_what_DNS_said()
    {
        await DoneAsync(new ImportMembers(List, "a@one.example\nb@one.example\nc@two.example\nd@three.example\ne@four.example\n", "x"));
        (await DoneAsync(new ShowShares(List))).ShouldSatisfyAllConditions(s => s.Unknown.ShouldBe(4), s => s.Members.Domains.ShouldBe(0), s => s.OldestAt.ShouldBeNull());
        await Store.CommitAsync(
            new DomainsAsked(
            [
                new DomainFacts("one.example", Start.AddDays(-2), true, true, true, DmarcPolicy.Reject),
                new DomainFacts("two.example", Start, true, false, true, DmarcPolicy.None),
                new DomainFacts("three.example", Start, false, false, false, DmarcPolicy.None),
                new DomainFacts("four.example", Start, false, false, false, DmarcPolicy.None, "DNS did not answer"),
            ]),
            Cancel);
        await ReopenAsync();

        var shares = await DoneAsync(new ShowShares(List));
        shares.Members.ShouldBe(new DomainShares(Domains: 3, Spf: 2, Dkim: 1, Dmarc: 2, Quarantine: 0, Reject: 1, Unprotected: 1));
        (shares.Unknown, shares.OldestAt).ShouldBe((1, Start.AddDays(-2)));
    }

    [Fact]
    public async Task Authors_domains_are_counted_by_their_posts_and_strict_ones_without_DKIM_are_named()
    {
        await PostAsync("ken@spf-only.example", DmarcPolicy.Reject, spf: true, dkim: false);
        await PostAsync("ken@spf-only.example", DmarcPolicy.Reject, spf: true, dkim: false);
        await PostAsync("mia@signed.example", DmarcPolicy.Quarantine, spf: false, dkim: true);
        var shares = await DoneAsync(new ShowShares(List));
        shares.Authors.ShouldBe(new DomainShares(Domains: 2, Spf: 1, Dkim: 1, Dmarc: 2, Quarantine: 1, Reject: 1, Unprotected: 0));
        (shares.Posts, string.Join(' ', shares.SpfOnly)).ShouldBe((3, "spf-only.example"));

        Time.Advance(TimeSpan.FromDays(91));
        (await DoneAsync(new ShowShares(List))).Posts.ShouldBe(0);
        (await RefusedAsync(new ShowShares("none@lists.example"))).Kind.ShouldBe(Refusal.NotFound);
    }

    private async Task PostAsync(string author, DmarcPolicy policy, bool spf, bool dkim)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        var domain = author[(author.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var report = new AuthenticationReport(
            new AuthorResult(author, domain, null, null),
            new SpfResult(spf ? SpfVerdict.Pass : SpfVerdict.None, domain, ""),
            new SpfResult(SpfVerdict.None, "", ""),
            [],
            new ArcResult(ArcVerdict.None, 0, 0, [], false, "", null),
            new DmarcResult(DmarcVerdict.Pass, domain, domain, domain, policy, DmarcPolicy.None, false, spf, dkim, ""));
        await Store.CommitAsync(
            new PostSaved(new Post
            {
                Id = OrderedId.New(Time),
                List = List,
                ReceivedAt = Time.GetUtcNow(),
                Envelope = new Envelope("192.0.2.1", "client.example", author, "ESMTP"),
                Report = report,
                AuthenticationResults = "x; none",
                Subject = "Hello",
                MessageId = "",
                Size = 100,
                State = PostState.Accepted,
            }),
            Cancel);
    }
}
