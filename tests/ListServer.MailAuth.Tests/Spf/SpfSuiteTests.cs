using System.Net;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Tests.Spf;

/// <summary>The suites of openspf.org (RFC 7208), pyspf, rspamd and Stalwart: AUTH-21 … AUTH-24.</summary>
public sealed class SpfSuiteTests
{
    public static IEnumerable<TheoryDataRow<string>> Cases =>
        new[] { "spf-openspf", "spf-pyspf", "spf-rspamd", "spf-stalwart" }.SelectMany(SuiteCase.Ids);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_suite_gets_its_result(string id)
    {
        var item = SuiteCase.Get(id);
        var evaluator = new SpfEvaluator(item.Zone, TimeProvider.System);
        var result = await evaluator.CheckMailFromAsync(
            IPAddress.Parse(item.Text("ip")), item.Text("helo"), item.Text("mailFrom"), TestContext.Current.CancellationToken);

        var expected = item.Expected.GetProperty("spf");
        var word = result.Verdict.ToString().ToLowerInvariant();
        SuiteCase.Accepts(expected, word).ShouldBeTrue($"{word}, expected {expected}\n{result.Reason}\n{string.Join('\n', result.Steps)}");
        if (result.Explanation is not null && expected.TryGetProperty("explanation", out var explanation))
        {
            result.Explanation.ShouldBe(explanation.GetString()!, StringCompareShould.IgnoreCase);
        }
    }
}
