using ListServer.MailAuth.Arc;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests.Arc;

/// <summary>The ARC test suite of ValiMail, Stalwart's messages, and chains of three other sealers (AUTH-38 … 40).</summary>
public sealed class ArcSuiteTests
{
    public static IEnumerable<TheoryDataRow<string>> Cases => new[] { "arc-validate", "arc-generated", "arc-stalwart" }.SelectMany(SuiteCase.Ids);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_chain_of_a_suite_case_gets_its_status(string id)
    {
        var item = SuiteCase.Get(id);
        var time = new FakeTimeProvider(item.Time ?? TimeProvider.System.GetUtcNow());
        var result = await new ArcVerifier(item.Zone, null, time).VerifyAsync(item.Message, TestContext.Current.CancellationToken);

        var expected = item.Expected.GetProperty("arc");
        SuiteCase.Accepts(expected, result.Verdict.ToString().ToLowerInvariant()).ShouldBeTrue($"{expected}\n{result}");
        if (expected.TryGetProperty("instances", out var instances))
        {
            result.Instances.ShouldBe(instances.GetInt32());
        }
    }
}
