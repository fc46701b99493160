using System.Security.Cryptography;
using System.Text.Json;
using ListServer.Commands;
using ListServer.Configuration;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Tests.Dns;
using ListServer.Outbound;
using ListServer.Tests.Outbound;

namespace ListServer.Tests.Hosting;

/// <summary>AUTH-63, from the post to the trace: a server, a validating name server over UDP, and a host with signed TLSA records.</summary>
public sealed class DaneDeliveryTests
{
    private static readonly TestAuthority Authority = new();

    [Theory]
    [InlineData(true, true, "delivered", ", DANE)")]
    [InlineData(true, false, "deferred", "451 4.7.5 validation-failure: no TLSA record fits the certificate")]
    [InlineData(false, false, "delivered", ", opportunistic)")]
    public async Task The_trace_tells_what_protected_a_copy_or_why_it_waits(bool isOn, bool isRightKey, string outcome, string words)
    {
        var certificate = Authority.Leaf("mx.plain.example");
        await using var peer = new Peer { Certificate = certificate };
        var key = (isRightKey ? certificate : Authority.Leaf("mx.plain.example")).PublicKey.ExportSubjectPublicKeyInfo();
        await using var dns = new LoopbackDnsServer(question => (question.Name.ToLowerInvariant(), (DnsRecordType)question.Type) switch
        {
            ("plain.example", DnsRecordType.Txt) => Signed(question, LoopbackDnsServer.Strings("v=spf1 ip4:127.0.0.0/8 -all")),
            ("plain.example", DnsRecordType.MX) => Signed(question, [0, 10, .. LoopbackDnsServer.Name("mx.plain.example")]),
            ("mx.plain.example", DnsRecordType.A) => Signed(question, [127, 0, 0, 1]),
            (var name, DnsRecordType.Tlsa) when name == $"_{peer.Port}._tcp.mx.plain.example" => Signed(question, [3, 1, 1, .. SHA256.HashData(key)]),
            ("mx.plain.example", _) => new WireReply(IsAuthentic: true),
            _ => new WireReply(3),
        });
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Dns = new DnsOptions { Servers = [dns.EndPoint], Timeout = TimeSpan.FromSeconds(5) },
            Outbound = new OutboundOptions { Port = peer.Port, HeloName = "mx.lists.example", Dane = isOn },
        });
        (await stage.SendAsync(ServerStage.Post(), "ben@plain.example")).ShouldStartWith("250");
        var trace = await stage.TraceAsync(t => t.Events.Any(e => e.Outcome == outcome));
        trace.Events.First(e => e.Outcome == outcome).Detail.ShouldContain(words);
        await ReportsTellAsync(stage, isOn ? "tlsa" : "no-policy-found", outcome == "delivered");
        peer.Messages.Count.ShouldBe(outcome == "delivered" ? 1 : 0);
        peer.Messages.ShouldAllBe(m => m.IsTls);
        dns.Questions.Any(q => q.Type == (ushort)DnsRecordType.Tlsa).ShouldBe(isOn);
        dns.Questions.Where(q => q.Type == (ushort)DnsRecordType.MX).ShouldAllBe(q => q.WantsDnssec == isOn);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_that_can_t_be_fetched_keeps_nothing_back_and_no_private_address_is_asked_for_it(bool isOn)
    {
        await using var peer = new Peer { Certificate = Authority.Leaf("mx.plain.example") };
        await using var dns = new LoopbackDnsServer(question => (question.Name.ToLowerInvariant(), (DnsRecordType)question.Type) switch
        {
            ("plain.example", DnsRecordType.Txt) => Signed(question, LoopbackDnsServer.Strings("v=spf1 ip4:127.0.0.0/8 -all")),
            ("plain.example", DnsRecordType.MX) => Signed(question, [0, 10, .. LoopbackDnsServer.Name("mx.plain.example")]),
            ("mx.plain.example" or "mta-sts.plain.example", DnsRecordType.A) => Signed(question, [127, 0, 0, 1]),
            ("_mta-sts.plain.example", DnsRecordType.Txt) => Signed(question, LoopbackDnsServer.Strings("v=STSv1; id=1;")),
            _ => new WireReply(3),
        });
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Dns = new DnsOptions { Servers = [dns.EndPoint], Timeout = TimeSpan.FromSeconds(5) },
            Outbound = new OutboundOptions { Port = peer.Port, HeloName = "mx.lists.example", MtaSts = isOn },
        });
        await stage.SendAsync(ServerStage.Post(), "ben@plain.example");
        var trace = await stage.TraceAsync(t => t.Events.Any(e => e.Outcome == "delivered"));
        trace.Events.First(e => e.Outcome == "delivered").Detail.ShouldContain(", opportunistic)");
        dns.Questions.Any(q => q.Name.StartsWith("mta-sts.", StringComparison.OrdinalIgnoreCase)).ShouldBe(isOn);
    }

    /// <summary>"queue tls", once the counts are kept: as text, and in the form of RFC 8460 §4.4.</summary>
    private static async Task ReportsTellAsync(ServerStage stage, string policy, bool isRight)
    {
        string text;
        do
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            text = await RunAsync(stage, "queue", "tls", "plain.example");
        }
        while (text.Length == 0);

        text.ShouldContain($"\tplain.example\t{policy}\t{(isRight ? "1 right\t0 wrong" : "0 right\t1 wrong")}");
        var report = JsonDocument.Parse(await RunAsync(stage, "queue", "tls", "--json")).RootElement[0];
        report.GetProperty("organization-name").GetString().ShouldBe("mx.lists.example");
        report.GetProperty("date-range").GetProperty("start-datetime").GetString()!.ShouldEndWith("T00:00:00Z");
        var only = report.GetProperty("policies")[0];
        only.GetProperty("policy").GetProperty("policy-type").GetString().ShouldBe(policy);
        only.GetProperty("summary").GetProperty("total-failure-session-count").GetInt64().ShouldBe(isRight ? 0 : 1);
        only.GetProperty("failure-details").EnumerateArray().Select(f => f.GetProperty("result-type").GetString()).ShouldBe(isRight ? [] : ["validation-failure"]);
        (await RunAsync(stage, "queue", "tls", "--day", "2020-01-01")).ShouldBeEmpty();
    }

    private static async Task<string> RunAsync(ServerStage stage, params string[] arguments)
    {
        var output = new StringWriter();
        (await CommandTree.RunAsync([.. arguments, "--data", stage.Folder], output, output)).ShouldBe(0, output.ToString());
        return output.ToString().TrimEnd();
    }

    private static WireReply Signed(WireQuestion question, byte[] data) => new(0, [new WireAnswer(question.Type, data)], IsAuthentic: question.WantsDnssec);
}
