using System.Net;
using System.Text.Json;

namespace ListServer.MailAuth.Tests;

/// <summary>The suites that need SPF, DKIM and DMARC together: AUTH-1 … AUTH-11, AUTH-90, AUTH-91, SEC-17.</summary>
public sealed class MessageSuiteTests
{
    /// <summary>Cases that RFC 9989 judges otherwise; Data/DISPUTED.md says why.</summary>
    private static readonly string[] Disputed = ["dmarc-7489/pct-0-quarantine"];

    public static IEnumerable<TheoryDataRow<string>> Cases =>
        new[] { "dmarc", "dmarc-7489", "dmarc-9989", "dmarc-rspamd", "attack-from" }.SelectMany(SuiteCase.Ids).Where(r => !Disputed.Contains(r.Data));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_suite_gets_its_result(string id)
    {
        var item = SuiteCase.Get(id);
        var report = await new MessageAuthenticator(item.Zone, TimeProvider.System).VerifyAsync(
            item.Message,
            IPAddress.Parse(item.Text("ip")),
            item.Text("helo"),
            item.Text("mailFrom"),
            item.Time,
            cancellationToken: TestContext.Current.CancellationToken);
        var faults = new List<string>();
        foreach (var section in item.Expected.EnumerateObject())
        {
            faults.AddRange(section.Name switch
            {
                "spf" => Check(section.Value, Word(report.SpfMailFrom.Verdict), report.SpfMailFrom.Reason),
                "dmarc" => CheckDmarc(section.Value, report),
                "dkim" => section.Value.EnumerateArray().SelectMany(e => CheckDkim(e, report)),
                _ => [],
            });
        }

        faults.ShouldBeEmpty(report.Dmarc.Reason + "\n" + string.Join('\n', report.Lookups));
    }

    private static IEnumerable<string> CheckDmarc(JsonElement expected, AuthenticationReport report)
    {
        var dmarc = report.Dmarc;
        return Check(expected, Word(dmarc.Verdict), dmarc.Reason)
            .Concat(CheckWord(expected, "policy", dmarc.Policy is { } policy ? Word(policy) : null))
            .Concat(CheckWord(expected, "disposition", Word(dmarc.Disposition)))
            .Concat(CheckWord(expected, "domain", dmarc.RecordDomain));
    }

    private static IEnumerable<string> CheckDkim(JsonElement expected, AuthenticationReport report)
    {
        var domain = expected.GetProperty("domain").GetString()!;
        var verdicts = report.Dkim.Where(d => d.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase)).Select(d => Word(d.Verdict)).ToList();
        if (!verdicts.Exists(v => SuiteCase.Accepts(expected, v)))
        {
            yield return $"dkim {domain}: {string.Join(' ', verdicts)}, expected {expected}";
        }
    }

    private static IEnumerable<string> Check(JsonElement expected, string word, string reason)
    {
        if (!SuiteCase.Accepts(expected, word))
        {
            yield return $"{word}, expected {expected}: {reason}";
        }
    }

    private static IEnumerable<string> CheckWord(JsonElement expected, string name, string? actual)
    {
        if (expected.TryGetProperty(name, out var value) && value.GetString() != actual)
        {
            yield return $"{name} {actual}, expected {value}";
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
