using System.Net;
using ListServer.MailAuth.Dns;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

public sealed class MailRoutesTests
{
    private static readonly ZoneFake Zone = new ZoneFake()
        .MX("one.example", (20, "mx2.one.example"), (10, "mx1.one.example"))
        .A("mx1.one.example", "192.0.2.1", "192.0.2.2").Aaaa("mx1.one.example", "2001:db8::1").A("mx2.one.example", "192.0.2.3")
        .A("implicit.example", "192.0.2.4")
        .MX("null.example", (0, ""))
        .Fail("down.example", DnsRecordType.MX)
        .MX("unnamed.example", (10, "nowhere.example"))
        .MX("slow.example", (10, "slow-mx.example")).Fail("slow-mx.example", DnsRecordType.A)
        .MX("half.example", (10, "slow-mx.example"), (20, "mx2.one.example"))
        .MX("loop.example", (10, "us.example"), (20, "mx2.one.example")).A("us.example", "198.51.100.1")
        .MX("backup.example", (10, "mx1.one.example"), (20, "us.example"), (20, "mx2.one.example"), (30, "mx2.one.example"))
        .MX("helo.example", (10, "lists.example.org")).A("lists.example.org", "192.0.2.9")
        .MX("local.example", (10, "localhost.example")).A("localhost.example", "127.0.0.1")
        .MX("many.example", [.. Enumerable.Range(1, 30).Select(i => (i, "mx1.one.example"))])
        .MX("equal.example", (5, "a.example"), (5, "b.example")).A("a.example", "192.0.2.10").A("b.example", "192.0.2.11")
        .MX("crowd.example", (10, "crowd-mx.example"), (20, "mx2.one.example"))
        .Aaaa("crowd-mx.example", [.. Enumerable.Range(1, 8).Select(i => $"2001:db8::c:{i}")]).A("crowd-mx.example", [.. Enumerable.Range(21, 8).Select(i => $"192.0.2.{i}")])
        .Fail("text.example", DnsRecordType.Txt);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("one.example", "mx1.one.example[2001:db8::1]:25 mx1.one.example[192.0.2.1]:25 mx1.one.example[192.0.2.2]:25 mx2.one.example[192.0.2.3]:25")]
    [InlineData("crowd.example", "crowd-mx.example[2001:db8::c:1]:25 crowd-mx.example[2001:db8::c:2]:25 crowd-mx.example[192.0.2.21]:25 crowd-mx.example[192.0.2.22]:25 mx2.one.example[192.0.2.3]:25")]
    [InlineData("implicit.example", "implicit.example[192.0.2.4]:25")]
    [InlineData("half.example", "mx2.one.example[192.0.2.3]:25")]
    [InlineData("backup.example", "mx1.one.example[2001:db8::1]:25 mx1.one.example[192.0.2.1]:25 mx1.one.example[192.0.2.2]:25")]
    [InlineData("[192.0.2.77]", "192.0.2.77[192.0.2.77]:25")]
    [InlineData("[IPv6:2001:db8::77]", "2001:db8::77[2001:db8::77]:25")]
    public async Task The_hosts_of_a_domain_are_tried_in_order(string domain, string hops) =>
        string.Join(' ', (await Direct().FindAsync(domain, Stop)).Hops).ShouldBe(hops);

    [Theory]
    [InlineData("null.example", 556, "5.1.10")]
    [InlineData("missing.example", 550, "5.1.2")]
    [InlineData("unnamed.example", 550, "5.4.4")]
    [InlineData("text.example", 550, "5.4.4")]
    [InlineData("down.example", 451, "4.4.3")]
    [InlineData("slow.example", 451, "4.4.3")]
    [InlineData("loop.example", 554, "5.4.6")]
    [InlineData("helo.example", 554, "5.4.6")]
    [InlineData("[198.51.100.1]", 554, "5.4.6")]
    [InlineData("[no.address]", 554, "5.1.2")]
    public async Task What_has_no_host_is_refused_or_deferred_with_its_code(string domain, int code, string enhanced)
    {
        var failure = (await Direct().FindAsync(domain, Stop)).Failure.ShouldNotBeNull();
        failure.Reply.Code.ShouldBe(code);
        failure.Reply.EnhancedCode.ShouldBe(enhanced);
        failure.Kind.ShouldBe(code < 500 ? OutcomeKind.Deferred : OutcomeKind.Refused);
        failure.Cause.ShouldBe(OutcomeCause.Dns);
    }

    [Fact]
    public async Task Equal_preferences_share_the_load()
    {
        HashSet<string> first = [];
        for (var i = 0; i < 100; i++)
        {
            first.Add((await Direct().FindAsync("equal.example", Stop)).Hops[0].Name);
        }

        first.ShouldBe(["a.example", "b.example"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_swarm_of_exchanges_gives_five_addresses_to_try() =>
        (await Direct().FindAsync("many.example", Stop)).Hops.Length.ShouldBe(5);

    [Theory]
    [InlineData(25, false)]
    [InlineData(2526, true)]
    public async Task A_domain_that_leads_to_this_machine_is_a_loop_at_port_25_only(int port, bool isFound)
    {
        var route = await new MailRoutes(new OutboundOptions { Port = port }, Zone).FindAsync("local.example", Stop);
        route.Hops.Any().ShouldBe(isFound);
    }

    [Fact]
    public async Task A_smarthost_takes_all_but_what_has_a_route_of_its_own()
    {
        var routes = new MailRoutes(
            new OutboundOptions
            {
                Smarthost = "127.0.0.1:2526",
                SmarthostTls = TlsMode.Required,
                SmarthostUser = "u",
                SmarthostPassword = "p",
                Port = 2600,
                Tls = TlsMode.None,
                Routes = new Dictionary<string, string> { ["sink.example"] = "127.0.0.2", ["other.example"] = "[::1]:2527" },
            },
            Zone);
        (await routes.FindAsync("one.example", Stop)).Hops.ShouldBe(
            [new Hop("127.0.0.1", new IPEndPoint(IPAddress.Loopback, 2526), TlsMode.Required, new SubmissionCredential("u", "p"))]);
        (await routes.FindAsync("SINK.example", Stop)).Hops.ShouldBe([new Hop("127.0.0.2", IPEndPoint.Parse("127.0.0.2:2600"), TlsMode.None)]);
        (await routes.FindAsync("other.example", Stop)).Hops.ShouldBe([new Hop("::1", IPEndPoint.Parse("[::1]:2527"), TlsMode.None)]);
        routes.LaneOf("one.example").ShouldBe("127.0.0.1:2526");
        routes.LaneOf("two.example").ShouldBe("127.0.0.1:2526");
        routes.LaneOf("sink.example").ShouldBe("127.0.0.2:2600");
        Direct().LaneOf("one.example").ShouldBe("one.example");
    }

    [Fact]
    public async Task A_named_smarthost_is_looked_up_as_the_machine_does_it()
    {
        var routes = new MailRoutes(new OutboundOptions { Smarthost = "localhost:2526" }, Zone);
        (await routes.FindAsync("one.example", Stop)).Hops.ShouldContain(h => h.Name == "localhost" && h.EndPoint.Equals(new IPEndPoint(IPAddress.Loopback, 2526)));
    }

    [Fact]
    public async Task The_port_and_the_TLS_of_exchanges_can_be_set()
    {
        var routes = new MailRoutes(new OutboundOptions { Port = 2525, Tls = TlsMode.Required }, Zone);
        (await routes.FindAsync("implicit.example", Stop)).Hops.ShouldBe([new Hop("implicit.example", IPEndPoint.Parse("192.0.2.4:2525"), TlsMode.Required)]);
    }

    [Theory]
    [InlineData("mail.example", "mail.example", 25)]
    [InlineData("mail.example:587", "mail.example", 587)]
    [InlineData("192.0.2.1:1", "192.0.2.1", 1)]
    [InlineData("2001:db8::1", "2001:db8::1", 25)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 25)]
    [InlineData("[2001:db8::1]:2525", "2001:db8::1", 2525)]
    public void Hosts_are_read_as_operators_write_them(string text, string host, int port)
    {
        HostAndPort.TryParse(text, 25, out var result).ShouldBeTrue();
        result.ShouldBe(new HostAndPort(host, port));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":25")]
    [InlineData("mail.example:")]
    [InlineData("mail.example:0")]
    [InlineData("mail.example:65536")]
    [InlineData("mail.example:smtp")]
    [InlineData("mail example")]
    [InlineData("[2001:db8::1]x")]
    [InlineData("smtp://mail.example")]
    public void What_is_no_host_is_told(string text) => HostAndPort.TryParse(text, 25, out _).ShouldBeFalse();

    private static MailRoutes Direct() =>
        new(new OutboundOptions { HeloName = "lists.example.org" }, Zone, a => a.Equals(IPAddress.Parse("198.51.100.1")));
}
