using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ListServer.MailAuth.Dns;
using ListServer.Outbound;
using ListServer.Outbound.Tls;

namespace ListServer.Tests.Outbound;

/// <summary>AUTH-63: MTA-STS, RFC 8461 §4, §5, against a server with a certificate of each kind.</summary>
public sealed class MtaStsTests : IDisposable
{
    private const string Host = "mx.a.example";
    private const string Domain = "a.example";

    private static readonly TestAuthority Authority = new();
    private static readonly X509Certificate2 Good = Authority.Leaf(Host);

    private readonly string _trustFile = TestCertificates.TrustFile(Authority.Root);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_trustFile);

    public static TheoryData<string, string, string> Cases => new()
    {
        { "good", "*.a.example", "MTA-STS|opportunistic, would do for MTA-STS" },
        { "wildcard certificate", "mx.a.example", "MTA-STS|opportunistic, would do for MTA-STS" },
        { "other name", "*.a.example", "451 4.7.5 certificate-host-mismatch:|opportunistic, would not do for MTA-STS (certificate-host-mismatch:" },
        { "common name only", "*.a.example", "451 4.7.5 certificate-host-mismatch:|opportunistic, would not do for MTA-STS (certificate-host-mismatch:" },
        { "expired", "*.a.example", "451 4.7.5 certificate-expired:|opportunistic, would not do for MTA-STS (certificate-expired:" },
        { "not trusted", "*.a.example", "451 4.7.5 certificate-not-trusted:|opportunistic, would not do for MTA-STS (certificate-not-trusted:" },
        { "no STARTTLS", "*.a.example", "451 4.7.5 starttls-not-supported:|in clear" },
        { "good", "*.b.example", "451 4.7.5 the MTA-STS policy of a.example names none of its hosts|opportunistic, would not do for MTA-STS (validation-failure:" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Enforce_keeps_back_what_testing_only_tells(string kind, string pattern, string what)
    {
        var certificate = kind switch
        {
            "good" => Good,
            "wildcard certificate" => Authority.Leaf("*.a.example"),
            "other name" => Authority.Leaf("other.example"),
            "common name only" => Authority.Named(Host),
            "expired" => Authority.ExpiredLeaf(Host),
            "no STARTTLS" => null,
            _ => new TestAuthority("Nobody").Leaf(Host),
        };
        await using var peer = new Peer { Certificate = certificate, Issuers = [Authority.Authority] };
        (await AttemptAsync(peer, Policy(StsMode.Enforce, pattern))).ShouldStartWith(what.Split('|')[0]);
        (await AttemptAsync(peer, Policy(StsMode.Testing, pattern))).ShouldStartWith(what.Split('|')[1]);
    }

    [Fact]
    public async Task A_host_that_the_policy_does_not_name_is_passed_over_for_one_that_it_names()
    {
        await using var peer = new Peer { Certificate = Good, Issuers = [Authority.Authority] };
        var zone = new ZoneFake().MX(Domain, (5, "mx.other.example"), (10, Host)).A("mx.other.example", "127.0.0.1").A(Host, "127.0.0.1");
        (await AttemptAsync(peer, Policy(StsMode.Enforce, Host), zone: zone)).ShouldBe("MTA-STS");
    }

    [Fact]
    public async Task TLSA_records_go_before_a_policy_whichever_way()
    {
        // RFC 8461 §2.
        await using var peer = new Peer { Certificate = Good, Issuers = [Authority.Authority] };
        (await AttemptAsync(peer, Policy(StsMode.Enforce, "*.b.example"), zone: Signed(peer, 3, Good))).ShouldBe("DANE");
        (await AttemptAsync(peer, Policy(StsMode.Enforce, Host), zone: Signed(peer, 3, Authority.Authority))).ShouldStartWith("451 4.7.5 validation-failure: no TLSA record fits");

        // Records that nobody can use are no proof: the policy's is asked for.
        (await AttemptAsync(peer, Policy(StsMode.Enforce, Host), zone: Signed(peer, 1, Good))).ShouldBe("MTA-STS");
        (await AttemptAsync(peer, Policy(StsMode.Testing, Host), zone: Signed(peer, 1, Good))).ShouldBe("encrypted as DANE asks, certificate not verified");
    }

    [Theory]
    [InlineData(TlsMode.None, true, "in clear")]
    [InlineData(TlsMode.Required, true, "certificate verified")]
    [InlineData(TlsMode.Opportunistic, false, "opportunistic")]
    public async Task The_operator_decides_first(TlsMode tls, bool isOn, string what)
    {
        await using var peer = new Peer { Certificate = Good, Issuers = [Authority.Authority] };
        (await AttemptAsync(peer, Policy(tls == TlsMode.Required ? StsMode.Testing : StsMode.Enforce, "*.b.example"), tls, isOn)).ShouldBe(what);
    }

    private static StsPolicy Policy(StsMode mode, string pattern) => new(mode, TimeSpan.FromDays(1), [pattern]);

    private static ZoneFake Signed(Peer peer, byte usage, X509Certificate2 certificate)
    {
        var place = $"_{peer.Port}._tcp.{Host}";
        return new ZoneFake().MX(Domain, (10, Host)).A(Host, "127.0.0.1").Tlsa(place, new TlsaRecord(usage, 0, 1, [.. SHA256.HashData(certificate.RawData)])).Signed(Domain).Signed(Host).Signed(place);
    }

    private async Task<string> AttemptAsync(Peer peer, StsPolicy policy, TlsMode tls = TlsMode.Opportunistic, bool isOn = true, ZoneFake? zone = null)
    {
        var options = new OutboundOptions { Port = peer.Port, Tls = tls, MtaSts = isOn, TrustFile = _trustFile };
        var dns = zone ?? new ZoneFake().MX(Domain, (10, Host)).A(Host, "127.0.0.1");
        var route = await new MailRoutes(options, dns, findSts: (_, _) => Task.FromResult(new StsFinding(policy))).FindAsync(Domain, Stop);
        if (route.Failure is { } failure)
        {
            failure.Kind.ShouldBe(OutcomeKind.Deferred);
            return $"{failure.Reply.Code} {failure.Reply.EnhancedCode} {failure.Reply.Text}";
        }

        var opened = await new SmtpConnector(options, TimeProvider.System).OpenAsync(route.Hops.ShouldHaveSingleItem(), Stop);
        if (!opened.IsOpen)
        {
            return $"{opened.Failure.Reply.Code} {opened.Failure.Reply.EnhancedCode} {opened.Failure.Reply.Text}";
        }

        await using var connection = opened.Connection;
        var results = await connection.SendAsync(new OutboundTransaction("", ["b@a.example"], CopyOctets.Whole(Encoding.ASCII.GetBytes("A: b\r\n\r\nc\r\n"))), Stop);
        results[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        return connection.TlsDescription?.Split(", ", 2)[1] ?? "in clear";
    }
}
