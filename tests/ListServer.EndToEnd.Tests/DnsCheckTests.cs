using System.Text.Json;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>What "dns show" prints goes into a real name server as it is, and "dns check" finds it there.</summary>
public sealed class DnsCheckTests
{
    private const string Hosts = "ns1.example. IN A 127.0.0.1\nmx.lists.example. IN A 127.0.0.1\n";

    [Fact]
    public async Task Shown_records_are_loaded_by_nsd_and_found_right_and_a_cut_key_is_not()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var nsd = Nsd.For("example", "127.in-addr.arpa");
        await nsd.ServeAsync(zone => zone == "example" ? Hosts : "", cancelled);
        var folder = Directory.CreateTempSubdirectory("listserver-e2e-").FullName;
        await using var serving = await Serving.StartAsync(
            folder,
            ["HostName=mx.lists.example", "Smtp:Listen=127.0.0.1:0", "Web:Listen=", $"Dns:Servers={nsd.Address}:{nsd.Port}", "Publish:MtaSts=none"],
            cancelled);
        await serving.DoAsync(cancelled, "domain", "add", "lists.example");
        await serving.DoAsync(cancelled, "key", "generate", "lists.example", "--selector", "s1");
        var shown = (await Listserver.RunAsync(cancelled, "dns", "show", "lists.example", "--data", folder)).Output;
        shown.ShouldContain("\" \"");

        (await CheckAsync(folder)).ShouldSatisfyAllConditions(
            check => check.Code.ShouldBe(1),
            check => check.Faults.ShouldBe(["mxMissing", "spfMissing", "dkimMissing", "dmarcMissing", "tlsReportsMissing", "pointerMissing"]));

        await nsd.ServeAsync(zone => zone == "example" ? Hosts + shown : "1.0.0.127.in-addr.arpa. IN PTR mx.lists.example.\n", cancelled);
        (await CheckAsync(folder)).ShouldSatisfyAllConditions(check => check.Faults.ShouldBeEmpty(), check => check.Code.ShouldBe(0));

        // As many a provider's form does it: the first of the key's strings only.
        await nsd.ServeAsync(zone => zone == "example" ? Hosts + Cut(shown) : "1.0.0.127.in-addr.arpa. IN PTR mx.lists.example.\n", cancelled);
        (await CheckAsync(folder)).ShouldSatisfyAllConditions(check => check.Faults.ShouldBe(["dkimCut"]), check => check.Code.ShouldBe(1));
    }

    private static string Cut(string zone) =>
        string.Concat(zone.Split('\n').Select(line => (line.Contains("_domainkey", StringComparison.Ordinal) ? line[..(line.IndexOf("\" \"", StringComparison.Ordinal) + 1)] + " )" : line) + "\n"));

    private static async Task<(int Code, List<string?> Faults)> CheckAsync(string folder)
    {
        var ended = await Listserver.RunAsync(TestContext.Current.CancellationToken, "dns", "check", "--data", folder, "--json");
        var report = JsonDocument.Parse(ended.Octets).RootElement;
        var rows = report.GetProperty("domains")[0].GetProperty("rows").EnumerateArray().Concat(report.GetProperty("server").EnumerateArray());
        return (ended.Code, [.. rows.Select(row => row.GetProperty("fault")).Where(fault => fault.ValueKind == JsonValueKind.Object).Select(fault => fault.GetProperty("kind").GetString())]);
    }
}
