using System.Text.Json;
using ListServer.Commands;

namespace ListServer.Tests.Load;

/// <summary>The load command, as anyone runs it.</summary>
public sealed class LoadCommandTests
{
    [Theory]
    [InlineData("shared")]
    [InlineData("verp")]
    [InlineData("personal")]
    public async Task Every_member_is_counted_once_at_the_sink(string mode)
    {
        var report = await RunAsync("load", "--members", "50", "--destinations", "7", "--posts", "2", "--mode", mode, "--json");
        report.GetProperty("delivered").GetInt64().ShouldBe(100);
        report.GetProperty("isExact").GetBoolean().ShouldBeTrue();
        report.GetProperty("deliveriesPerCpuSecond").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("warmUps").GetInt32().ShouldBeGreaterThan(0);
        report.GetProperty("firstCopyMilliseconds").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Many_posts_come_in_over_many_connections_and_each_is_delivered_to_all()
    {
        var report = await RunAsync("load", "posts", "--count", "12", "--connections", "4", "--json");
        report.GetProperty("delivered").GetInt64().ShouldBe(120);
        report.GetProperty("isExact").GetBoolean().ShouldBeTrue();
    }

    private static async Task<JsonElement> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(arguments, output, error);
        error.ToString().ShouldBeEmpty();
        code.ShouldBe(ExitCode.Ok);
        return JsonElement.Parse(output.ToString());
    }
}
