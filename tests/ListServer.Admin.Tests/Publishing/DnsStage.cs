using ListServer.Admin.Publishing;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store.Changes;
using ListServer.Store.Keys;

namespace ListServer.Admin.Tests.Publishing;

/// <summary>The domain lists.example with a key, and a zone in which everything is right.</summary>
public abstract class DnsStage : AdminStage
{
    protected const string Domain = "lists.example";
    protected const string Host = "mx.lists.example";
    protected const string Sender = "192.0.2.25";
    protected const string Spf = "v=spf1 ip4:192.0.2.25 -all";

    private static readonly SigningKey SharedKey = SigningKey.GenerateRsa();

    private protected Zone Dns { get; private set; } = new();

    protected static SigningKey Key => SharedKey;

    protected PublicFace Face { get; set; } = new(Host);

    protected StsSeen Policy { get; set; } = new("testing", [], null);

    protected static string KeyName => $"s1._domainkey.{Domain}";

    public override async ValueTask InitializeAsync()
    {
        Dns = RightZone();
        await base.InitializeAsync();
        Store.Keys.TryAdd(new StoredKey(Domain, "s1", Key.ToPem()));
        await Store.CommitAsync(new DomainSaved(new MailDomain(Domain, "s1")), Cancel);
    }

    protected override AdminContext Equip(AdminContext context) => context with
    {
        Dns = Dns,
        Face = Face,
        Templates = () => Shipped.Templates,
        LookAtSts = (_, _, _) => Task.FromResult(Policy),
    };

    /// <summary>The server begins anew with another face.</summary>
    protected async Task FaceAsync(PublicFace face)
    {
        Face = face;
        await ReopenAsync();
    }

    protected async Task<DnsRow> RowAsync(string purpose) => (await DoneAsync(new CheckDns(Domain))).Domains.Single().Rows.First(row => row.Purpose == purpose);

    protected async Task<DnsFault> FaultAsync(string purpose, DnsFaultKind kind)
    {
        var report = await DoneAsync(new CheckDns(Domain));
        var row = report.Server.Concat(report.Domains.Single().Rows).First(row => row.Purpose == purpose && row.Fault is not null);
        row.Fault!.Kind.ShouldBe(kind);
        row.State.ShouldBe(DnsState.Fault);

        // One fault has one row: what is right beside it is not called wrong.
        report.Faults.ShouldBe(1, string.Join('\n', report.Domains.Single().Rows));
        return row.Fault;
    }

    private static Zone RightZone() => new Zone()
        .Exchanger(Domain, Host)
        .Address(Host, Sender)
        .Pointer(Sender, Host)
        .Text(Domain, "some-site-verification=1", Spf)
        .Text(KeyName, Key.DnsRecord)
        .Text("_dmarc." + Domain, $"v=DMARC1; p=none; rua=mailto:dmarc-reports@{Domain}")
        .Text("_mta-sts." + Domain, $"v=STSv1; id={DomainRecords.StsId(DomainRecords.StsPolicy(new PublicFace(Host))!)}")
        .Text("_smtp._tls." + Domain, $"v=TLSRPTv1; rua=mailto:dmarc-reports@{Domain}");
}
