using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ListServer.MailAuth.Dns;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

/// <summary>AUTH-63: DANE, RFC 7672, against a server with a certificate of each kind.</summary>
public sealed class DaneTests
{
    private const string Host = "mx.example";
    private const string Domain = "example";

    private static readonly TestAuthority Ours = new();

    /// <summary>The same names, other keys.</summary>
    private static readonly TestAuthority Forged = new();
    private static readonly X509Certificate2 Good = Ours.Leaf(Host);
    private static readonly X509Certificate2 OtherName = Ours.Leaf("other.example");
    private static readonly X509Certificate2 DomainsName = Ours.Leaf(Domain);
    private static readonly X509Certificate2 Expired = Ours.ExpiredLeaf(Host);
    private static readonly X509Certificate2 ExpiredOtherName = Ours.ExpiredLeaf("other.example");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public async Task A_certificate_that_TLSA_records_name_is_good_whatever_its_names_and_dates(byte selector, byte matching)
    {
        // RFC 7672 §3.1.1.
        foreach (var certificate in new[] { Good, OtherName, ExpiredOtherName, TestCertificates.OtherName })
        {
            (await AttemptAsync(certificate, Record(3, selector, matching, certificate))).ShouldBe("delivered DANE");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public async Task An_authority_that_TLSA_records_name_vouches_for_its_certificates(byte selector, byte matching)
    {
        // RFC 7672 §3.1.2: the authority's own issuer does not matter. §3.2.2: the host's name or the domain's.
        (await AttemptAsync(Good, Record(2, selector, matching, Ours.Authority))).ShouldBe("delivered DANE");
        (await AttemptAsync(DomainsName, Record(2, selector, matching, Ours.Authority))).ShouldBe("delivered DANE");
    }

    [Fact]
    public async Task A_root_that_stands_whole_in_DNS_need_not_be_sent() =>
        (await AttemptAsync(Good, Record(2, 0, 0, Ours.Root))).ShouldBe("delivered DANE");

    public static TheoryData<string, string> Refused => new()
    {
        { "other key", "validation-failure" },
        { "other authority", "validation-failure" },
        { "root not sent", "validation-failure" },
        { "leaf as authority", "certificate-not-trusted" },
        { "authority, other name", "certificate-host-mismatch" },
        { "authority, expired", "certificate-expired" },
        { "authority, forged signature", "certificate-not-trusted" },
        { "weaker digest only", "validation-failure" },
        { "PKIX would do", "validation-failure" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_no_usable_record_fits_keeps_mail_back(string fault, string word)
    {
        (X509Certificate2 Certificate, TlsaRecord[] Records) given = fault switch
        {
            "other key" => (Good, [Record(3, 1, 1, OtherName)]),
            "other authority" => (Good, [Record(2, 0, 1, Forged.Authority)]),
            "root not sent" => (Good, [Record(2, 1, 1, Ours.Root)]),
            "leaf as authority" => (Good, [Record(2, 1, 1, Good)]),
            "authority, other name" => (OtherName, [Record(2, 0, 1, Ours.Authority)]),
            "authority, expired" => (Expired, [Record(2, 0, 1, Ours.Authority)]),
            "authority, forged signature" => (Forged.Leaf(Host), [Record(2, 0, 1, Ours.Authority)]),

            // RFC 7671 §9: with a SHA-512 record there the SHA-256 one is not looked at.
            "weaker digest only" => (Good, [Record(3, 1, 1, Good), Record(3, 1, 2, OtherName)]),
            _ => (TestCertificates.Localhost, [Record(3, 1, 1, Good)]),
        };
        (await AttemptAsync(given.Certificate, given.Records)).ShouldStartWith($"451 4.7.5 {word}:");
    }

    [Fact]
    public async Task The_record_of_the_next_key_may_stand_there_already() =>
        (await AttemptAsync(Good, Record(3, 1, 1, OtherName), Record(3, 1, 1, Good))).ShouldBe("delivered DANE");

    [Fact]
    public async Task Where_no_record_can_be_used_TLS_is_a_must_and_the_certificate_does_not_matter()
    {
        // RFC 7672 §2.2, §3.1.3.
        TlsaRecord[] unusable =
        [
            Record(0, 0, 1, Good), Record(1, 1, 1, Good), Record(4, 1, 1, Good), Record(3, 2, 1, Good), Record(3, 1, 1, Good) with { MatchingType = 3 },
            new TlsaRecord(3, 1, 1, [1, 2, 3]), new TlsaRecord(3, 1, 0, []),
        ];
        (await AttemptAsync(ExpiredOtherName, unusable)).ShouldBe("delivered encrypted as DANE asks, certificate not verified");
        (await AttemptAsync((X509Certificate2?)null, unusable)).ShouldStartWith("451 4.7.5 starttls-not-supported:");
    }

    [Fact]
    public async Task A_host_with_TLSA_records_gets_nothing_in_clear() =>
        (await AttemptAsync((X509Certificate2?)null, Record(3, 1, 1, Good))).ShouldStartWith("451 4.7.5 starttls-not-supported:");

    [Fact]
    public async Task A_handshake_that_breaks_is_not_followed_by_clear_text()
    {
        await using var broken = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                await session.HearAsync();
                await session.SayAsync("250-peer\r\n250 STARTTLS");
                await session.HearAsync();
                await session.SayAsync("220 go");
                await session.SayAsync("this is no TLS record");
            },
        };
        (await AttemptAsync(broken, Record(3, 1, 1, Good))).ShouldStartWith("451 4.7.5");
        broken.SessionCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(TlsMode.Required, "451 4.7.5 certificate-not-trusted:")]
    [InlineData(TlsMode.None, "delivered in clear")]
    [InlineData(TlsMode.Opportunistic, "delivered encrypted as DANE asks, certificate not verified")]
    public async Task The_operator_may_ask_for_more_than_unusable_records_do_and_for_nothing(TlsMode tls, string what)
    {
        await using var peer = new Peer { Certificate = Good, Issuers = [Ours.Authority] };
        (await AttemptAsync(peer, tls, true, Record(0, 0, 1, Good))).ShouldStartWith(what);
    }

    [Fact]
    public async Task DANE_can_be_switched_off()
    {
        await using var peer = new Peer { Certificate = Good };
        (await AttemptAsync(peer, TlsMode.Opportunistic, false, Record(3, 1, 1, OtherName))).ShouldBe("delivered opportunistic");
    }

    private static TlsaRecord Record(byte usage, byte selector, byte matching, X509Certificate2 certificate)
    {
        var octets = selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return new TlsaRecord(usage, selector, matching, [.. matching switch { 1 => SHA256.HashData(octets), 2 => SHA512.HashData(octets), _ => octets }]);
    }

    private static async Task<string> AttemptAsync(X509Certificate2? certificate, params TlsaRecord[] records)
    {
        await using var peer = new Peer { Certificate = certificate, Issuers = [Ours.Authority] };
        return await AttemptAsync(peer, records);
    }

    private static Task<string> AttemptAsync(Peer peer, params TlsaRecord[] records) => AttemptAsync(peer, TlsMode.Opportunistic, true, records);

    /// <summary>Asks DNS for the way to the domain and sends a copy there. Answers what was proved, or the outcome.</summary>
    private static async Task<string> AttemptAsync(Peer peer, TlsMode tls, bool dane, params TlsaRecord[] records)
    {
        var zone = new ZoneFake().MX(Domain, (10, Host)).A(Host, "127.0.0.1").Tlsa($"_{peer.Port}._tcp.{Host}", records)
            .Signed(Domain).Signed(Host).Signed($"_{peer.Port}._tcp.{Host}");
        var options = new OutboundOptions { Port = peer.Port, Tls = tls, Dane = dane };
        var route = await new MailRoutes(options, zone).FindAsync(Domain, Stop);
        var opened = await new SmtpConnector(options, TimeProvider.System).OpenAsync(route.Hops.ShouldHaveSingleItem(), Stop);
        if (!opened.IsOpen)
        {
            peer.Commands.ShouldNotContain(c => c.StartsWith("MAIL", StringComparison.Ordinal));
            var reply = opened.Failure.Reply;
            return $"{reply.Code} {reply.EnhancedCode} {reply.Text}";
        }

        await using var connection = opened.Connection;
        var results = await connection.SendAsync(new OutboundTransaction("", ["b@example"], CopyOctets.Whole(Encoding.ASCII.GetBytes("A: b\r\n\r\nc\r\n"))), Stop);
        results[0].Outcome.Kind.ShouldBe(OutcomeKind.Delivered);
        return "delivered " + (connection.TlsDescription?.Split(", ", 2)[1] ?? "in clear");
    }
}
