using System.Text;
using System.Text.Json;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>What programs outside the house rely on (the suites' MANIFEST, "Command contract").</summary>
public sealed class CommandContractTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dmarc/basic/list-resigned")]
    [InlineData("dmarc/alignment/spf-relaxed-while-dkim-strict-fails")]
    public async Task Verify_answers_in_the_contracts_form(string id)
    {
        using var suite = SuiteCase.Get(id);

        var answer = (await Listserver.RunAsync(
            Cancelled, "verify", "--json", "--dns", suite.Names.Address, "--ip", suite.Text("ip"), "--helo", suite.Text("helo"),
            "--mail-from", suite.Text("mailFrom"), "--time", suite.Time, suite.Message)).Json;

        var expected = suite.Expected;
        answer.GetProperty("spf").GetProperty("result").GetString().ShouldBe(expected.GetProperty("spf").GetProperty("result").GetString());
        answer.GetProperty("spf").GetProperty("domain").GetString().ShouldBe(suite.Text("mailFrom").Split('@')[1]);
        answer.GetProperty("dkim").EnumerateArray().Select(Signature).ShouldBe(expected.GetProperty("dkim").EnumerateArray().Select(Signature), ignoreOrder: true);
        answer.GetProperty("dkim").EnumerateArray().ShouldAllBe(signature => signature.GetProperty("reason").GetString()!.Length > 0);
        var dmarc = answer.GetProperty("dmarc");
        dmarc.GetProperty("result").GetString().ShouldBe(expected.GetProperty("dmarc").GetProperty("result").GetString());
        dmarc.GetProperty("domain").GetString().ShouldBe("example.com");
        dmarc.GetProperty("policy").GetString().ShouldBe("reject");
        dmarc.GetProperty("disposition").GetString().ShouldBe(dmarc.GetProperty("result").GetString() == "pass" ? "none" : "reject");
        answer.GetProperty("arc").GetProperty("result").GetString().ShouldBe("none");
        answer.GetProperty("arc").GetProperty("instances").GetInt32().ShouldBe(0);
        answer.GetProperty("authenticationResults").GetString()!.ShouldMatch($@"\bdmarc={dmarc.GetProperty("result").GetString()}\b");
    }

    [Fact]
    public async Task Verify_takes_the_null_sender_for_postmaster_at_HELO()
    {
        using var suite = SuiteCase.Get("dmarc/basic/list-resigned");

        var spf = (await Listserver.RunAsync(
            Cancelled, "verify", "--json", "--dns", suite.Names.Address, "--ip", suite.Text("ip"), "--helo", "example.com", "--mail-from", "", suite.Message))
            .Json.GetProperty("spf");

        spf.GetProperty("domain").GetString().ShouldBe("example.com");
    }

    [Fact]
    public async Task Seal_writes_the_next_set_and_then_the_message_and_a_stranger_accepts_the_chain()
    {
        using var suite = SuiteCase.Get("arc-sign/existant_seal_headers/i2_base");
        var message = await File.ReadAllBytesAsync(suite.Message, Cancelled);

        var ended = await Listserver.RunAsync(
            Cancelled, "seal", "--json", "--dns", suite.Names.Address, "--domain", suite.Text("domain"), "--selector", suite.Text("selector"),
            "--key", suite.Key, "--authserv-id", suite.Text("authservId"), "--time", suite.Time, "--headers", suite.Text("headers"), suite.Message);

        ended.Code.ShouldBe(0, ended.Error);
        ended.Octets.AsSpan().EndsWith(message).ShouldBeTrue();
        var set = Encoding.ASCII.GetString(ended.Octets[..^message.Length]);
        var expected = suite.Expected.GetProperty("seal");
        Tags(set, "ARC-Seal: ").ShouldBe(Tags(expected.GetProperty("AS").GetString()!), ignoreOrder: true);
        Tags(set, "ARC-Message-Signature: ").ShouldBe(Tags(expected.GetProperty("AMS").GetString()!), ignoreOrder: true);
        set.ShouldContain("ARC-Authentication-Results: i=3; lists.example.org;");
        using var stranger = Stranger.Dkimpy(suite.Names.Port);
        var judged = await stranger.JudgeAsync([ended.Octets], Cancelled);
        (judged[0].Arc.Result, judged[0].Arc.Instances).ShouldBe(("pass", 3));
    }

    [Theory]
    [InlineData("'--presonalize' was not matched. Did you mean one of the following?\n--personalize", "list", "create", "talk@lists.example", "--presonalize")]
    [InlineData("There is no option 'Smpt:Listen'. Did you mean 'Smtp:Listen'?", "serve", "--set", "Smpt:Listen=127.0.0.1:2525")]
    public async Task An_unknown_option_is_refused_with_the_name_of_the_nearest(string words, params string[] arguments)
    {
        var ended = await Listserver.RunAsync(Cancelled, arguments);

        (ended.Code, ended.Output).ShouldBe((2, ""));
        ended.Error.ShouldContain(words);
    }

    [Fact]
    public async Task The_demo_shows_three_posts_and_ends()
    {
        var ended = await Listserver.RunAsync(Cancelled, "demo", "--once");

        ended.Code.ShouldBe(0, ended.Error);
        ended.Output.Split("━━ ").Skip(1).Select(part => part[..2]).ShouldBe(["1.", "2.", "3."]);
        ended.Output.ShouldContain("row 9: ");
        ended.Output.ShouldContain("row 11: ");
        ended.Output.ShouldContain("it waits for a moderator");
        ended.Output.Split("\nARC-Seal: i=1;").Length.ShouldBe(3, "the copies of two posts are shown");
    }

    [Fact]
    public async Task A_server_says_ready_and_ends_with_0_within_15_seconds_of_SIGTERM()
    {
        var folder = Directory.CreateTempSubdirectory("listserver-e2e-").FullName;
        await using var serving = await Serving.StartAsync(folder, [$"Smtp:Listen=127.0.0.1:{FreePort.Take()}", "Web:Listen="], Cancelled);

        (await serving.StopAsync(TimeSpan.FromSeconds(15))).ShouldBe(0, serving.Errors);

        // What its commands need is in the folder, with or without a server.
        (await Listserver.RunAsync(Cancelled, "list", "show", "--data", folder, "--json")).Json.GetArrayLength().ShouldBe(0);
    }

    private static (string?, string?, string?) Signature(JsonElement signature) => (
        signature.GetProperty("domain").GetString(), signature.GetProperty("selector").GetString(), signature.GetProperty("result").GetString());

    private static IEnumerable<string> Tags(string set, string field) =>
        Tags(set.Split(field, 2)[1].Split("\r\n").TakeWhile((line, index) => index == 0 || line[..1] is " " or "\t").Aggregate(string.Concat));

    // All but b=, which depends on how the field is folded.
    private static IEnumerable<string> Tags(string value) =>
        value.Split(';').Select(tag => string.Concat(tag.Where(c => !char.IsWhiteSpace(c)))).Where(tag => tag.Length > 0 && !tag.StartsWith("b=", StringComparison.Ordinal));
}
