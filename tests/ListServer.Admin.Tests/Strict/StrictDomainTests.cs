using ListServer.Admin.Strict;
using ListServer.Lists.Bounces;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth.Dmarc;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Tests.Strict;

/// <summary>Domains to take for strict are learned from refusals, proposed, and accepted by a person only (AUTH-59, AUTH-72).</summary>
public sealed class StrictDomainTests : AdminStage
{
    [Fact]
    public async Task Refusals_for_want_of_authentication_propose_their_author_s_domain_and_change_nothing()
    {
        await RefuseAsync("gmail.com", IncidentCause.Authentication, "bank.example", 3);
        await RefuseAsync("yahoo.example", IncidentCause.Authentication, "bank.example", 4);
        await RefuseAsync("gmail.com", IncidentCause.Content, "spam.example", 9);
        await RefuseAsync("other.example", IncidentCause.Authentication, "strict.example", 1);
        await Store.CommitAsync(new DomainsAsked([new DomainFacts("strict.example", Start, true, true, true, DmarcPolicy.Reject)]), Cancel);

        var view = await DoneAsync(new BrowseStrictDomains(List));
        view.Proposed.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            p => p.Domain.ShouldBe("bank.example"), p => p.Count.ShouldBe(7), p => p.Destinations.ShouldBe(["gmail.com", "yahoo.example"]), p => p.Words.ShouldBe("550 5.7.26 no"));
        view.OfList.ShouldBeEmpty();
        Store.FindList(List)!.StrictDomains.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_domain_that_was_accepted_is_strict_on_this_list_until_it_is_dropped()
    {
        await RefuseAsync("gmail.com", IncidentCause.Authentication, "bank.example", 3);
        (await DoneAsync(new AcceptStrictDomain(List, "Bank.Example"))).ShouldSatisfyAllConditions(v => v.OfList.ShouldBe(["bank.example"]), v => v.Proposed.ShouldBeEmpty());
        await ReopenAsync();
        var list = Store.FindList(List)!;
        new OperatorTrust().For(list).StrictDomains.ShouldBe(["bank.example", "gmail.com"], ignoreOrder: true);
        new OperatorTrust().For(list with { StrictDomains = [] }).StrictDomains.ShouldBe(["gmail.com"]);

        (await RefusedAsync(new AcceptStrictDomain(List, "bank.example"))).Kind.ShouldBe(Refusal.Conflict);
        (await RefusedAsync(new AcceptStrictDomain(List, "gmail.com"))).Kind.ShouldBe(Refusal.Conflict);
        (await RefusedAsync(new AcceptStrictDomain(List, "no domain"))).Kind.ShouldBe(Refusal.Invalid);
        (await RefusedAsync(new DropStrictDomain(List, "gmail.com"))).Message.ShouldContain("Trust:AlwaysStrict");
        (await DoneAsync(new DropStrictDomain(List, "bank.example"))).Proposed.Count.ShouldBe(1);
    }

    private Task RefuseAsync(string destination, IncidentCause cause, string author, int count) =>
        Store.CommitAsync(new IncidentCounted(new Incident(List, destination, cause, author, Start, Start, count, "550 5.7.26 no")), Cancel);
}
