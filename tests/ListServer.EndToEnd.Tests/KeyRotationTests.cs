using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>AUTH-35 over real name servers: two that serve one zone, of which one is behind.</summary>
public sealed class KeyRotationTests
{
    private const string Hosts = "@ IN NS ns2.example.\nns1.example. IN A 127.0.0.1\nns2.example. IN A 127.0.0.2\nmx.lists.example. IN A 127.0.0.1\n";

    [Fact]
    public async Task A_new_key_signs_when_both_servers_of_the_zone_show_it()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await using var first = Nsd.For("example");
        await using var second = first.Beside("127.0.0.2");
        await first.ServeAsync(_ => Hosts, cancelled);
        await second.ServeAsync(_ => Hosts, cancelled);
        var folder = Directory.CreateTempSubdirectory("listserver-e2e-").FullName;
        await using var serving = await Serving.StartAsync(
            folder,
            ["HostName=mx.lists.example", "Smtp:Listen=127.0.0.1:0", "Web:Listen=", $"Dns:Servers={first.Address}:{first.Port}", $"Dns:AuthorityPort={first.Port}"],
            cancelled);
        await serving.DoAsync(cancelled, "domain", "add", "lists.example");
        var record = (await Listserver.RunAsync(cancelled, "key", "generate", "lists.example", "--selector", "s1", "--data", folder)).Output;
        record.ShouldStartWith("s1._domainkey.lists.example. IN TXT ( \"v=DKIM1; k=rsa; p=");

        await first.ServeAsync(_ => Hosts + record, cancelled);
        (await KeyAsync(serving, "ns2.example has no record")).ShouldBe("made");
        await second.ServeAsync(_ => Hosts + record, cancelled);
        (await KeyAsync(serving, "")).ShouldBe("used");
        (await serving.DoAsync(cancelled, "domain", "show"))[0].GetProperty("selector").GetString().ShouldBe("s1");

        // The next one is made by hand, and the present one signs on until then.
        var next = await serving.DoAsync(cancelled, "key", "rotate", "lists.example");
        next.GetProperty("selector").GetString().ShouldNotBe("s1");
        (await serving.DoAsync(cancelled, "domain", "show"))[0].GetProperty("selector").GetString().ShouldBe("s1");
    }

    /// <summary>The key's stage, once its problem is this one.</summary>
    private static async Task<string?> KeyAsync(Serving serving, string problem)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Listserver.Patience);
        while (true)
        {
            var key = (await serving.DoAsync(deadline.Token, "key", "list", "lists.example"))[0];
            var said = key.GetProperty("problem").GetString()!;
            if (problem.Length > 0 ? said.Contains(problem, StringComparison.Ordinal) : key.GetProperty("stage").GetString() == "used")
            {
                return key.GetProperty("stage").GetString();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), deadline.Token);
        }
    }
}
