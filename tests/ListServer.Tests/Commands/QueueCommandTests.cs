using System.Text.Json;
using ListServer.Commands;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>What an operator sees of the queue, and does to it, while the server runs.</summary>
public sealed class QueueCommandTests
{
    [Fact]
    public async Task Who_waits_is_shown_dropped_and_tried_at_once()
    {
        await using var stage = await ServerStage.StartAsync();
        stage.Peer.On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "450 4.7.1 try later" : null;
        await stage.SendAsync(ServerStage.SignedPost());
        var post = (await stage.TraceAsync(t => t.Events.Any(e => e.Outcome == "deferred"))).Post.Id;
        await QueueUntilAsync(stage, q => q.EnumerateArray().All(d => d.GetProperty("inFlight").GetInt32() == 0 && d.GetProperty("attempts").GetInt32() == 1));

        var (code, shown) = await RunAsync(stage, "queue");
        code.ShouldBe(0);
        shown.ShouldContain("plain.example\t1 waiting\t0 on their way\toldest ");
        shown.ShouldContain("\t0 of 1 connections\t");
        shown.ShouldContain("said to RCPT TO: 450 4.7.1 try later");
        shown.ShouldEndWith("2 recipients wait for 2 destinations");
        (await RunAsync(stage, "queue", "show", "Plain.Example")).Output.ShouldSatisfyAllConditions(
            output => output.ShouldContain($"{post}\t{ServerStage.List}\tsince "),
            output => output.ShouldContain("\t1 attempts\tnext "),
            output => output.ShouldEndWith("  ben@plain.example"));
        (await RunAsync(stage, "queue", "show", "nowhere.example")).Code.ShouldBe(ExitCode.NotFound);

        (await RunAsync(stage, "queue", "drop", post)).Code.ShouldBe(ExitCode.NeedsConfirmation);
        (await RunAsync(stage, "queue", "drop", post, "--recipient", "nobody@plain.example", "--yes")).Code.ShouldBe(ExitCode.NotFound);
        (await RunAsync(stage, "queue", "drop", post, "--recipient", "BEN@plain.example", "--yes")).ShouldBe((0, "1 recipients are dropped."), customMessage: null);
        (await RunAsync(stage, "queue", "retry", "plain.example")).Code.ShouldBe(ExitCode.NotFound);

        stage.Peer.On = _ => null;
        (await RunAsync(stage, "queue", "retry", "strict.example")).ShouldBe((0, "1 recipients at 1 destinations are due now."), customMessage: null);
        var settled = await stage.SettledAsync();
        settled.Deliveries.ShouldNotBeNull().ShouldSatisfyAllConditions(d => d.Delivered.ShouldBe(1), d => d.Refused.ShouldBe(0), d => d.Stopped.ShouldBe(1));
        settled.Events.ShouldContain(e => e.Outcome == "stopped" && e.Detail.StartsWith("ben@plain.example: dropped by ", StringComparison.Ordinal) && e.Detail.EndsWith(" at the command line", StringComparison.Ordinal));
        stage.Peer.Messages.ShouldHaveSingleItem().Recipients.ShouldBe(["<aiko@strict.example>"]);
    }

    [Fact]
    public async Task AUTH_74_a_retry_does_not_end_the_rest_behind_4_7_28()
    {
        await using var stage = await ServerStage.StartAsync();
        stage.Peer.On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "421 4.7.28 unusual rate of mail" : null;
        await stage.SendAsync(ServerStage.SignedPost());
        await QueueUntilAsync(stage, q => q.GetArrayLength() == 2 && q.EnumerateArray().All(d => d.GetProperty("inFlight").GetInt32() == 0 && d.GetProperty("attempts").GetInt32() == 1));
        var sessions = stage.Peer.SessionCount;
        (await RunAsync(stage, "queue")).Output.ShouldContain("\tpaused until ");
        var (code, output) = await RunAsync(stage, "queue", "retry");
        code.ShouldBe(0);
        output.ShouldStartWith("2 recipients at 2 destinations are due now.");
        output.ShouldContain("plain.example: nothing goes there before ");
        output.ShouldContain("421 4.7.28 unusual rate of mail");
        stage.Peer.SessionCount.ShouldBe(sessions);
    }

    [Fact]
    public async Task A_post_that_waits_for_a_key_is_shown_with_the_reason_and_is_none_to_drop()
    {
        await using var stage = await ServerStage.StartAsync(withKey: false);
        await stage.SendAsync(ServerStage.SignedPost());
        var post = (await stage.TraceAsync(t => t.Events.Any(e => e.Outcome == "waits"))).Post.Id;
        (await RunAsync(stage, "queue")).Output.ShouldSatisfyAllConditions(
            output => output.ShouldContain("0 recipients wait for 0 destinations"),
            output => output.ShouldContain($"{post}\t{ServerStage.List}\tsince "),
            output => output.ShouldContain("\tnot distributed yet: "),
            output => output.ShouldContain("key"));
        (await RunAsync(stage, "queue", "drop", post, "--yes")).ShouldBe((1, $"The post {post} is not distributed yet; no copies of it wait."), customMessage: null);
    }

    [Fact]
    public async Task Copies_that_are_on_their_way_are_not_dropped()
    {
        await using var stage = await ServerStage.StartAsync();
        stage.Peer.On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "never" : null;
        await stage.SendAsync(ServerStage.SignedPost());
        await QueueUntilAsync(stage, q => q.GetArrayLength() == 2 && q.EnumerateArray().Sum(d => d.GetProperty("inFlight").GetInt32()) > 0);
        var post = (await stage.TraceAsync(_ => true)).Post.Id;
        var (code, output) = await RunAsync(stage, "queue", "drop", post, "--yes");
        code.ShouldBe(ExitCode.PartlyDone);
        output.ShouldContain(" being delivered just now");
    }

    private static async Task QueueUntilAsync(ServerStage stage, Predicate<JsonElement> isThere)
    {
        for (var i = 0; i < 500; i++)
        {
            using var queue = JsonDocument.Parse((await RunAsync(stage, "queue", "--json")).Output);
            if (queue.RootElement.GetProperty("destinations") is { } destinations && destinations.GetArrayLength() > 0 && isThere(destinations))
            {
                return;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Fail("The queue did not come to stand so.");
    }

    private static async Task<(int Code, string Output)> RunAsync(ServerStage stage, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync([.. arguments, "--data", stage.Folder], output, output);
        return (code, output.ToString().TrimEnd());
    }
}
