using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ListServer.MailAuth.Dns;
using ListServer.Outbound;
using ListServer.Outbound.Tls;
using ListServer.Store;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Outbound;

/// <summary>AUTH-63: what reports of TLS (RFC 8460) are made of is counted with each session and kept.</summary>
public sealed class TlsLedgerTests : IDisposable
{
    private const string Host = "mx.a.example";
    private const string Domain = "a.example";

    private static readonly TestAuthority Authority = new();
    private static readonly X509Certificate2 Good = Authority.Leaf(Host);

    private readonly string _trustFile = TestCertificates.TrustFile(Authority.Root);

    public void Dispose() => File.Delete(_trustFile);

    [Theory]
    [InlineData("opportunistic", "NoPolicyFound +1 -0")]
    [InlineData("no STARTTLS", "NoPolicyFound +0 -1 starttls-not-supported")]
    [InlineData("broken handshake", "NoPolicyFound +0 -1 validation-failure")]
    [InlineData("DANE", "Tlsa +1 -0")]
    [InlineData("DANE, other key", "Tlsa +0 -1 validation-failure")]
    [InlineData("DANE, unusable", "Tlsa +0 -1 tlsa-invalid")]
    [InlineData("DANE, no answer", "Tlsa +0 -1 dnssec-invalid")]
    [InlineData("enforce", "Sts +1 -0")]
    [InlineData("enforce, other name", "Sts +0 -1 certificate-host-mismatch")]
    [InlineData("enforce, not named", "Sts +0 -1 validation-failure")]
    [InlineData("testing, other name", "Sts +0 -1 certificate-host-mismatch")]
    [InlineData("policy not fetched", "NoPolicyFound +1 -0|Sts +0 -1 sts-policy-fetch-error")]
    [InlineData("TLS off", "")]
    [InlineData("smarthost", "")]
    [InlineData("no connection", "")]
    public async Task A_session_is_counted_by_what_its_domain_asks(string kind, string counts)
    {
        await using var peer = Peer(kind);
        var port = kind == "no connection" ? FreePort.Take().Port : peer.Port;
        var options = new OutboundOptions { Port = port, TrustFile = _trustFile, Tls = kind == "TLS off" ? TlsMode.None : TlsMode.Opportunistic, Smarthost = kind == "smarthost" ? $"127.0.0.1:{port}" : null };
        await using var stage = new DeliveryStage(options, Zone(kind, $"_{port}._tcp.{Host}")) { FindSts = (_, _) => Task.FromResult(Finding(kind)) };
        stage.Start();
        await stage.QueueAsync("b@a.example");
        await DeliveryStage.UntilAsync(() => stage.Store.Queue.Summaries().All(s => s.Attempts > 0));
        await stage.StopAsync();

        var tallies = stage.Store.TlsTallies(null, null);
        string.Join('|', tallies.Select(t => $"{t.Kind} +{t.Successes} -{t.Failures} {string.Join(' ', t.Details.Select(d => d.Result))}".Trim())).ShouldBe(counts);
        tallies.ShouldAllBe(t => t.Domain == Domain && t.Day == new DateOnly(2027, 3, 1));
        tallies.SelectMany(t => t.Details).ShouldAllBe(d => d.Count == 1 && d.Words.Length > 0 && (d.SendingAddress == null || d.ReceivingAddress == "127.0.0.1"));
        tallies.Where(t => t.Kind == TlsPolicyKind.Sts && t.Policy.Length > 0).ShouldAllBe(t => t.Policy[0] == "version: STSv1" && t.Hosts.Length == 1);
        tallies.Where(t => t.Kind == TlsPolicyKind.Tlsa && t.Successes > 0).ShouldAllBe(t => t.Policy[0].StartsWith("3 0 1 ", StringComparison.Ordinal));
    }

    private static Peer Peer(string kind) => kind switch
    {
        "no STARTTLS" => new Peer(),
        "enforce, other name" or "testing, other name" => new Peer { Certificate = Authority.Leaf("other.example"), Issuers = [Authority.Authority] },
        "broken handshake" => new Peer { Certificate = Good, BreaksTls = true },
        _ => new Peer { Certificate = Good, Issuers = [Authority.Authority] },
    };

    private static ZoneFake Zone(string kind, string place)
    {
        var zone = new ZoneFake().MX(Domain, (10, Host)).A(Host, "127.0.0.1");
        if (kind.StartsWith("DANE", StringComparison.Ordinal))
        {
            var named = kind == "DANE, other key" ? Authority.Authority : Good;
            zone.Tlsa(place, new TlsaRecord((byte)(kind == "DANE, unusable" ? 1 : 3), 0, 1, [.. SHA256.HashData(named.RawData)])).Signed(Domain).Signed(Host).Signed(place);
        }

        return kind == "DANE, no answer" ? zone.Fail(place, DnsRecordType.Tlsa) : zone;
    }

    private static StsFinding Finding(string kind) => kind switch
    {
        "policy not fetched" => new StsFinding(null, new TlsFault(TlsFaultKind.StsPolicyFetchError, "the policy's host answered 500")),
        "testing, other name" => new StsFinding(new StsPolicy(StsMode.Testing, TimeSpan.FromDays(1), [Host])),
        "enforce, not named" => new StsFinding(new StsPolicy(StsMode.Enforce, TimeSpan.FromDays(1), ["other.example"])),
        _ when kind.StartsWith("enforce", StringComparison.Ordinal) => new StsFinding(new StsPolicy(StsMode.Enforce, TimeSpan.FromDays(1), [Host])),
        _ => new StsFinding(null),
    };
}
