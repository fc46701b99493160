using ListServer.MailAuth.Dmarc;

namespace ListServer.MailAuth.Tests.Dmarc;

public sealed class DmarcStandingTests
{
    [Fact]
    public async Task A_domain_s_own_record_stands_where_the_servers_above_refuse() // RFC 9989 §4.10.1
    {
        var zone = new ZoneResolver().Txt("_dmarc.lists.example", "v=DMARC1; p=quarantine").Fail("_dmarc.example");
        var own = await DmarcStanding.OfAsync(zone, "Lists.example", TestContext.Current.CancellationToken);
        (own.RecordDomain, own.Record?.Policy, own.OrganizationalDomain).ShouldBe(("lists.example", DmarcPolicy.Quarantine, null));
        own.Failure.ShouldNotBeNull();

        var below = await DmarcStanding.OfAsync(zone, "new.other.example", TestContext.Current.CancellationToken);
        (below.RecordDomain, below.Record).ShouldBe((null, null));
        below.Failure.ShouldNotBeNull();
    }
}
