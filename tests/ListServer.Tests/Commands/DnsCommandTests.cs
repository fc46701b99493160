using System.Net;
using System.Text.Json;
using ListServer.Admin.Domains;
using ListServer.Commands;
using ListServer.Configuration;
using ListServer.Lists.Publishing;
using ListServer.Lists.Reports;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>What people type about DNS, over a name server on loopback.</summary>
public sealed class DnsCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_are_told_with_cause_and_record_and_end_with_1()
    {
        await using var stage = await ServerStage.StartAsync();
        stage.Dns.AddText("lists.example", "v=spf1 -all");
        stage.Dns.AddText("_dmarc.lists.example.lists.example", "v=DMARC1; p=none");

        var (code, output) = await RunAsync(stage.Folder, "dns", "check", "lists.example");

        code.ShouldBe(1, output);
        output.ShouldContain("  ✗ wrong  MX            lists.example\n      why    lists.example has no MX record.\n      do     Put this record there.\n             lists.example. IN MX 10 mx.lists.example.\n");
        output.ShouldContain("  ✓ right  DKIM          s1._domainkey.lists.example\n");
        output.ShouldContain("      why    The DMARC record stands at _dmarc.lists.example.lists.example");
        output.ShouldContain("      found  v=DMARC1; p=none\n");

        (code, output) = await RunAsync(stage.Folder, "dns", "check", "--json");
        code.ShouldBe(1);
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("faults").GetInt32().ShouldBeGreaterThan(2);
        var mx = report.GetProperty("domains")[0].GetProperty("rows")[0];
        (mx.GetProperty("purpose").GetString(), mx.GetProperty("state").GetString()).ShouldBe(("MX", "fault"));
        mx.GetProperty("fault").GetProperty("cause").GetString().ShouldBe("lists.example has no MX record.");
        mx.GetProperty("fault").GetProperty("record").GetString().ShouldBe("lists.example. IN MX 10 mx.lists.example.");
    }

    [Fact]
    public async Task A_DNS_that_does_not_answer_ends_with_75()
    {
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Dns = new DnsOptions { Servers = [new IPEndPoint(IPAddress.Loopback, 1)], Timeout = TimeSpan.FromMilliseconds(200) },
        });

        var (code, output) = await RunAsync(stage.Folder, "dns", "check");

        code.ShouldBe(75, output);
        output.ShouldContain("  ○ unasked MX ");
        output.ShouldNotContain("has no MX");
    }

    [Fact]
    public async Task What_the_world_sees_is_the_operator_s_to_say() // every option of the section changes what is shown
    {
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Publish = new PublishOptions
            {
                MailExchangers = ["gate.example.org"],
                Addresses = [IPAddress.Parse("192.0.2.10")],
                Includes = ["spf.isp.test"],
                ReportsTo = "reports@example.org",
                MtaSts = StsWish.Enforce,
            },
        });

        var (code, output) = await RunAsync(stage.Folder, "dns", "show", "lists.example");

        code.ShouldBe(0, output);
        output.ShouldContain("lists.example. IN MX 10 gate.example.org.\n");
        output.ShouldContain("lists.example. IN TXT \"v=spf1 ip4:192.0.2.10 include:spf.isp.test -all\"\n");
        output.ShouldContain("_dmarc.lists.example. IN TXT \"v=DMARC1; p=none; rua=mailto:reports@example.org\"\n");
        output.ShouldContain("; in another zone: lists.example._report._dmarc.example.org. IN TXT \"v=DMARC1\"\n");
        output.ShouldContain("; in another zone: 10.2.0.192.in-addr.arpa. IN PTR mx.lists.example.\n");
        output.ShouldContain(";   mode: enforce\n;   mx: gate.example.org\n");
    }

    [Fact]
    public async Task How_much_has_to_be_reported_is_the_operator_s_to_say() // every option of the section changes what is asked for
    {
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Dmarc = new DmarcThresholds { Days = 21, TestDays = 9, QuietDays = 10, Messages = 500, Reporters = 4 },
        });

        var (code, output) = await RunAsync(stage.Folder, "dmarc", "advise", "lists.example");

        code.ShouldBe(0, output);
        output.ShouldContain("(21 needed, 9 with t=y)");
        output.ShouldContain("0 organisations report (4 needed), 0 reports came by mail");
        output.ShouldContain("0 passed (500 needed), 0 of your own failed in 10 days");
    }

    [Fact]
    public async Task A_domain_without_mail_takes_none()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new AddDomain("old.example"));
        (await RunAsync(stage.Folder, "domain", "set", "old.example", "--sends-nothing", "true")).Output.ShouldStartWith("old.example neither sends nor takes mail.");

        (await stage.SendAsync(ServerStage.SignedPost(), recipients: "postmaster@old.example")).ShouldStartWith("550 5.1.1");
    }

    [Theory]
    [InlineData("MailExchangers", "Mx.Example.Org")]
    [InlineData("Includes", "localhost")]
    [InlineData("ReportsTo", "nobody")]
    public void What_can_t_stand_in_DNS_is_refused_at_the_start(string option, string value)
    {
        var publish = option switch
        {
            "MailExchangers" => new PublishOptions { MailExchangers = [value] },
            "Includes" => new PublishOptions { Includes = [value] },
            _ => new PublishOptions { ReportsTo = value },
        };
        new ServerOptions { HostName = "mx.lists.example", Publish = publish }.Problems().Single().ShouldContain("Publish:" + option);
    }

    [Fact]
    public async Task Without_a_server_nothing_is_known_of_its_name()
    {
        var folder = Directory.CreateTempSubdirectory("listserver-test-").FullName;
        (await RunAsync(folder, "domain", "add", "lists.example")).Code.ShouldBe(0);
        (await RunAsync(folder, "dns", "check")).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(75), run => run.Output.ShouldContain("No server runs on this data folder"));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = await CommandTree.RunAsync([.. arguments, "--data", folder], output, output);
        Cancel.ThrowIfCancellationRequested();
        return (code, output.ToString());
    }
}
