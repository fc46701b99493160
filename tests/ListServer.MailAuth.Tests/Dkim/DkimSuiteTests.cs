using System.Text.Json;
using ListServer.MailAuth.Dkim;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>The published corpora of other verifiers, and messages signed by three other signers (AUTH-25 … 28).</summary>
public sealed class DkimSuiteTests
{
    private static readonly string[] Suites =
    [
        "dkim-chasquid", "dkim-generated", "dkim-gomsgauth", "dkim-maildkim", "dkim-mimekit", "dkim-records", "dkim-rspamd", "dkim-stalwart",
    ];

    public static IEnumerable<TheoryDataRow<string>> Cases => Suites.SelectMany(SuiteCase.Ids);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_signature_of_a_suite_case_gets_its_result(string id)
    {
        var item = SuiteCase.Get(id);
        var time = new FakeTimeProvider(item.Time ?? TimeProvider.System.GetUtcNow());
        var results = await new DkimVerifier(item.Zone, null, time).VerifyAsync(item.Message, TestContext.Current.CancellationToken);

        var left = results.ToList();
        var seen = string.Join('\n', results);
        foreach (var expected in item.Expected.GetProperty("dkim").EnumerateArray())
        {
            var hit = left.Find(r => Matches(expected, r)) ?? left.Find(r => MayBeAbsent(expected) && r.Domain.Length == 0);
            hit.ShouldNotBeNull($"{expected}\n{seen}");
            SuiteCase.Accepts(expected, hit.Verdict.ToString().ToLowerInvariant()).ShouldBeTrue($"{expected}\n{seen}");
            left.Remove(hit);
        }

        left.ShouldBeEmpty(seen);
    }

    private static bool Matches(JsonElement expected, DkimResult result) =>
        Is(expected, "domain", result.Domain) && Is(expected, "selector", result.Selector)
        && SuiteCase.Accepts(expected, result.Verdict.ToString().ToLowerInvariant());

    private static bool Is(JsonElement expected, string property, string value) =>
        !expected.TryGetProperty(property, out var wanted) || string.Equals(wanted.GetString(), value, StringComparison.OrdinalIgnoreCase);

    private static bool MayBeAbsent(JsonElement expected) => expected.TryGetProperty("mayBeAbsent", out var may) && may.GetBoolean();
}
