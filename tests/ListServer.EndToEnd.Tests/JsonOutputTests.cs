using System.Text.Json;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>Every command answers in JSON when it is asked to, refusals included; here with a server that runs.</summary>
[Collection(nameof(JudgedCopies))]
public sealed class JsonOutputTests(JudgedCopies copies)
{
    [Theory]
    [InlineData("domain show", "name", "selector")]
    [InlineData("list show", "list", "members", "held")]
    [InlineData("member list talk@lists.example", "address", "role", "isReceiving")]
    [InlineData("trace", "id", "list", "state", "subject")]
    public async Task What_is_named_is_an_array_of_objects(string command, params string[] members)
    {
        var answer = await copies.Serving.DoAsync(TestContext.Current.CancellationToken, command.Split(' '));

        answer.GetArrayLength().ShouldBeGreaterThan(0);
        answer.EnumerateArray().ShouldAllBe(item => members.All(member => HasMember(item, member)));
    }

    [Theory]
    [InlineData("held list")]
    [InlineData("incident list")]
    [InlineData("account list")]
    public async Task Nothing_is_an_empty_array(string command) =>
        (await copies.Serving.DoAsync(TestContext.Current.CancellationToken, command.Split(' '))).GetArrayLength().ShouldBe(0);

    [Fact]
    public async Task An_empty_queue_says_so_of_destinations_and_of_posts_not_yet_distributed()
    {
        var queue = await copies.Serving.DoAsync(TestContext.Current.CancellationToken, "queue");

        queue.GetProperty("destinations").GetArrayLength().ShouldBe(0);
        queue.GetProperty("undistributed").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_trace_of_a_post_tells_all_stages()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var trace = await copies.Serving.DoAsync(cancelled, "trace", "ascii.strict.example@author.example");

        trace.GetProperty("events").EnumerateArray().Select(line => line.GetProperty("stage").GetString()).Distinct()
            .ShouldBe(["reception", "verification", "moderation", "cooking", "mitigation", "signing", "queue", "delivery"]);
        trace.GetProperty("deliveries").GetProperty("waiting").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_refusal_is_an_object_with_the_reason_and_an_exit_code()
    {
        var ended = await Listserver.RunAsync(
            TestContext.Current.CancellationToken, "list", "show", "none@lists.example", "--data", copies.Serving.Folder, "--json");

        ended.Code.ShouldBe(3);
        JsonDocument.Parse(ended.Octets).RootElement.GetProperty("message").GetString()!.ShouldContain("none@lists.example");
    }

    private static bool HasMember(JsonElement item, string name) => item.TryGetProperty(name, out _);
}
