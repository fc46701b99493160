using ListServer.MailAuth.Dns;
using ListServer.Outbound;
using ListServer.Outbound.Tls;

namespace ListServer.Tests.Outbound;

/// <summary>RFC 7672 §2.2: where TLSA records are looked for, and what an answer means.</summary>
public sealed class DaneLookupTests
{
    private static readonly TlsaRecord Record = new(3, 1, 1, [.. new byte[32]]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ZoneFake Zone => new ZoneFake()
        .MX("a.example", (10, "mx.a.example")).A("mx.a.example", "192.0.2.1").Aaaa("mx.a.example", "2001:db8::1").Tlsa("_25._tcp.mx.a.example", Record);

    [Fact]
    public async Task A_signed_way_to_signed_records_is_DANE_for_every_address_of_the_host()
    {
        var hops = await FindAsync(Signed(Zone));
        hops.Length.ShouldBe(2);
        hops.ShouldAllBe(h => h.Policy is HostPolicy.Dane && h.Tls == TlsMode.Required);
        ((HostPolicy.Dane)hops[0].Policy!).Names.ShouldBe(["mx.a.example", "a.example"]);
    }

    [Theory]
    [InlineData("a.example")]
    [InlineData("mx.a.example")]
    [InlineData("_25._tcp.mx.a.example")]
    public async Task One_answer_on_the_way_that_is_not_signed_leaves_opportunistic_TLS(string unsigned)
    {
        // RFC 7672 §2.2.1, §2.2.2.
        var zone = Zone;
        foreach (var name in new[] { "a.example", "mx.a.example", "_25._tcp.mx.a.example" }.Where(n => n != unsigned))
        {
            zone.Signed(name);
        }

        (await FindAsync(zone)).ShouldAllBe(h => h.Policy == null && h.Tls == TlsMode.Opportunistic);
    }

    [Fact]
    public async Task A_host_whose_addresses_are_not_signed_is_not_asked_for_TLSA_records()
    {
        // RFC 7672 §2.1.3: servers of unsigned zones may well fail to answer.
        var zone = Zone.Signed("a.example").Fail("_25._tcp.mx.a.example", DnsRecordType.Tlsa);
        (await FindAsync(zone)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Where_TLSA_records_get_no_answer_the_next_host_is_taken_and_nothing_is_sent_without_them()
    {
        // RFC 7672 §2.1.2.
        var zone = Signed(Zone.MX("a.example", (10, "mx.a.example"), (20, "mx2.a.example")).A("mx2.a.example", "192.0.2.2")).Signed("mx2.a.example")
            .Fail("_25._tcp.mx.a.example", DnsRecordType.Tlsa);
        (await FindAsync(zone)).ShouldHaveSingleItem().Name.ShouldBe("mx2.a.example");
        var failure = (await RouteAsync(Signed(Zone).Fail("_25._tcp.mx.a.example", DnsRecordType.Tlsa))).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(OutcomeKind.Deferred);
        failure.Reply.Text.ShouldBe("DNS gave no answer for the TLSA records of mx.a.example: SERVFAIL");
    }

    [Fact]
    public async Task A_domain_without_MX_is_its_own_host()
    {
        // RFC 7672 §2.2.2.
        var zone = new ZoneFake().A("b.example", "192.0.2.9").Empty("b.example", DnsRecordType.MX).Tlsa("_25._tcp.b.example", Record).Signed("b.example").Signed("_25._tcp.b.example");
        (await FindAsync(zone, "b.example")).ShouldHaveSingleItem().Policy.ShouldBeOfType<HostPolicy.Dane>().Names.ShouldBe(["b.example"]);
    }

    [Theory]
    [InlineData("_25._tcp.real.example", "real.example", "real.example mx.c.example c.example")]
    [InlineData("_25._tcp.mx.c.example", "mx.c.example", "mx.c.example c.example")]
    public async Task Behind_an_alias_the_target_s_records_come_first_and_the_alias_own_second(string place, string name, string names)
    {
        // RFC 7672 §2.2.3.
        var zone = new ZoneFake().MX("c.example", (10, "mx.c.example")).A("real.example", "192.0.2.9").Signed("real.example").Alias("mx.c.example", "real.example")
            .Tlsa(place, Record).Signed("c.example").Signed(place);
        var hop = (await FindAsync(zone, "c.example")).ShouldHaveSingleItem();
        hop.Name.ShouldBe(name);
        string.Join(' ', hop.Policy.ShouldBeOfType<HostPolicy.Dane>().Names).ShouldBe(names);
    }

    [Fact]
    public async Task A_host_that_the_operator_named_has_the_operator_s_rules()
    {
        var options = new OutboundOptions { Routes = new Dictionary<string, string> { ["a.example"] = "127.0.0.1:25" } };
        var route = await new MailRoutes(options, Signed(Zone), _ => false).FindAsync("a.example", Stop);
        route.Hops.ShouldHaveSingleItem().Policy.ShouldBeNull();
    }

    private static ZoneFake Signed(ZoneFake zone) => zone.Signed("a.example").Signed("mx.a.example").Signed("_25._tcp.mx.a.example");

    private static async Task<Hop[]> FindAsync(ZoneFake zone, string domain = "a.example") => [.. (await RouteAsync(zone, domain)).Hops];

    private static Task<Route> RouteAsync(ZoneFake zone, string domain = "a.example") => new MailRoutes(new OutboundOptions(), zone, _ => false).FindAsync(domain, Stop);
}
