using ListServer.Commands;
using ListServer.Configuration;
using ListServer.Store;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>What people type about keys, and the secret that their keys are encrypted with.</summary>
public sealed class KeyCommandTests
{
    [Fact]
    public async Task Each_key_is_listed_with_its_stage_and_what_is_in_its_way()
    {
        await using var stage = await ServerStage.StartAsync();
        var (code, record) = await RunAsync(stage.Folder, "key", "rotate", "lists.example");
        code.ShouldBe(0);
        record.ShouldContain("._domainkey.lists.example. IN TXT ( \"v=DKIM1; k=rsa; p=");
        (await RunAsync(stage.Folder, "key", "rotate", "lists.example")).Output.ShouldBe(record);

        var selector = record[..record.IndexOf('.', StringComparison.Ordinal)];
        await ServerStage.UntilAsync(async () => (await RunAsync(stage.Folder, "key", "list")).Output.Contains("has no record", StringComparison.Ordinal));
        var (_, list) = await RunAsync(stage.Folder, "key", "list", "lists.example");
        list.ShouldMatch($"^lists.example\t{selector}\tmade\tsince [-0-9]+\tthe name server of this machine has no record at {selector}._domainkey.lists.example\nlists.example\ts1\tused\tsince ");
    }

    [Fact]
    public async Task Keys_are_encrypted_with_the_operator_s_secret_and_nothing_opens_them_without() // Keys:Secret
    {
        var secret = new KeysOptions { Secret = "a secret of the operator" };
        await using var stage = await ServerStage.StartAsync(options => options with { Keys = secret });
        var file = Path.Combine(stage.Folder, "keys", "lists.example", "s1.pem");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldStartWith("-----BEGIN LISTSERVER ENCRYPTED KEY-----");
        await stage.SendAsync(ServerStage.SignedPost());
        (await stage.SettledAsync()).Deliveries!.Delivered.ShouldBe(2);

        await stage.StopServerAsync();
        (await RunAsync(stage.Folder, "key", "list")).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(75), run => run.Output.ShouldContain("The keys in the data folder are encrypted."));
        stage.Change = options => options with { Keys = new KeysOptions { Secret = "another secret of somebody" } };
        (await Should.ThrowAsync<StoreException>(stage.StartServerAsync)).Message.ShouldStartWith("Keys:Secret is not the secret");
        stage.Change = options => options with { Keys = secret };
        await stage.StartServerAsync();
    }

    [Fact]
    public void A_short_secret_is_none() =>
        new ServerOptions { HostName = "mx.lists.example", Keys = new KeysOptions { Secret = "short" } }.Problems().Single().ShouldStartWith("Keys:Secret has to have 16 characters at least.");

    private static async Task<(int Code, string Output)> RunAsync(string folder, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = await CommandTree.RunAsync([.. arguments, "--data", folder], output, output);
        return (code, output.ToString());
    }
}
