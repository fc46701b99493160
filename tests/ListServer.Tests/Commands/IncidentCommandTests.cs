using System.Text.Json;
using ListServer.Commands;
using ListServer.Lists.Bounces;
using ListServer.Store.Changes;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>What an operator does about refusals and suspended members while the server runs.</summary>
public sealed class IncidentCommandTests
{
    [Fact] // AUTH-59
    public async Task A_refusal_for_policy_is_an_incident_that_is_listed_shown_and_closed()
    {
        await using var stage = await ServerStage.StartAsync();
        stage.Peer.On = line => line.StartsWith("RCPT TO:<ben@", StringComparison.Ordinal) ? "550 5.7.1 rejected by the DMARC policy of strict.example" : null;
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();

        using var open = JsonDocument.Parse((await RunAsync(stage, "incident", "list", "--json")).Output);
        var id = open.RootElement.EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString()!;
        (await RunAsync(stage, "incident", "show", id)).ShouldSatisfyAllConditions(
            shown => shown.Code.ShouldBe(0),
            shown => shown.Output.ShouldContain("destination  plain.example"),
            shown => shown.Output.ShouldContain("author       strict.example"),
            shown => shown.Output.ShouldContain("state        open"));
        (await RunAsync(stage, "incident", "close", id)).ShouldSatisfyAllConditions(
            closed => closed.Code.ShouldBe(0),
            closed => closed.Output.ShouldStartWith($"{id}: closed "));
        (await RunAsync(stage, "incident", "close", id)).Code.ShouldBe(ExitCode.Failed);
        (await RunAsync(stage, "incident", "show", "none")).Code.ShouldBe(ExitCode.NotFound);
        (await RunAsync(stage, "incident", "list")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_suspended_member_is_enabled_once()
    {
        await using var stage = await ServerStage.StartAsync();
        var now = DateTimeOffset.UnixEpoch;
        await stage.Server.Store.CommitAsync(
            [.. Enumerable.Range(0, 5).Select(day => new BounceCounted(ServerStage.List, "ben@plain.example", RefusalClass.Address, now.AddDays(day), "no such user"))],
            TestContext.Current.CancellationToken);

        (await RunAsync(stage, "member", "enable", ServerStage.List, "ben@plain.example")).ShouldBe((0, $"ben@plain.example receives {ServerStage.List} again."), customMessage: null);
        stage.Server.Store.FindMember(ServerStage.List, "ben@plain.example")!.SuspendedAt.ShouldBeNull();
        (await RunAsync(stage, "member", "enable", ServerStage.List, "ben@plain.example")).Code.ShouldBe(ExitCode.Failed);
        (await RunAsync(stage, "member", "enable", ServerStage.List, "nobody@plain.example")).Code.ShouldBe(ExitCode.NotFound);
    }

    private static async Task<(int Code, string Output)> RunAsync(ServerStage stage, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync([.. arguments, "--data", stage.Folder], output, output);
        return (code, output.ToString().TrimEnd());
    }
}
