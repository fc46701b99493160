using ListServer.Configuration;
using ListServer.Lists;

namespace ListServer.Tests.Hosting;

/// <summary>AUTH-72: a domain on the operator's list is treated as strict, whatever it publishes.</summary>
public sealed class TrustTests
{
    [Theory]
    [InlineData("gmail.com", "keep")]
    [InlineData("plain.example", "rewrite")]
    public async Task A_domain_on_the_always_strict_list_is_rewritten_in_spite_of_its_lax_policy(string strict, string action)
    {
        await using var stage = await ServerStage.StartAsync(options => options with { Trust = new TrustOptions { AlwaysStrict = [strict] } });

        (await stage.SendAsync(ServerStage.Post(), "ben@plain.example")).ShouldStartWith("250 2.0.0 Accepted");

        (await stage.SettledAsync()).Events.Last(line => line.Stage == TraceStage.Mitigation).Outcome.ShouldBe(action);
    }
}
