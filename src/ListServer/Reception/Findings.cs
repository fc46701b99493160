using ListServer.MailAuth;

namespace ListServer.Reception;

/// <summary>What was found out about a message, in words for a trace.</summary>
internal static class Findings
{
    public static IEnumerable<(string Outcome, string Detail)> Of(AuthenticationReport report)
    {
        yield return ($"author={report.Author.Address ?? "none"}", report.Author.Reason ?? "");
        yield return ($"spf={Word(report.SpfMailFrom.Verdict)}", report.SpfMailFrom.Reason);
        foreach (var dkim in report.Dkim)
        {
            yield return ($"dkim={Word(dkim.Verdict)}", $"d={dkim.Domain} s={dkim.Selector}: {dkim.Reason}");
        }

        yield return ($"arc={Word(report.Arc.Verdict)}", report.Arc.Reason);
        yield return ($"dmarc={Word(report.Dmarc.Verdict)}", $"policy {(report.Dmarc.Policy is { } policy ? Word(policy) : "none published")}: {report.Dmarc.Reason}");
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
