using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Spf;

namespace ListServer.Commands;

/// <summary>The steps of each mechanism in words, and what DNS was asked: what listserver verify --explain adds.</summary>
internal static class VerifyExplanation
{
    public static IEnumerable<string> Lines(AuthenticationReport report) =>
    [
        .. Spf("spf", report.SpfMailFrom),
        .. Spf("helo", report.SpfHelo),
        .. report.Dkim.SelectMany(Dkim),
        .. Arc(report),
        .. Dmarc(report),
        .. report.Lookups.Select(lookup => Line("dns", lookup.ToString())),
    ];

    private static IEnumerable<string> Spf(string identity, SpfResult spf) => spf.Steps.Select(step => Line(identity, step));

    private static IEnumerable<string> Dkim(DkimResult dkim)
    {
        var signer = $"d={dkim.Domain} s={dkim.Selector}";
        yield return Line("dkim", $"{signer}: signed with {dkim.Algorithm} for {dkim.Identity}, {(dkim.CoversWholeBody ? "the whole body" : "not the whole body (l=)")}");
        yield return Line("dkim", dkim.KeyRecord is null ? $"{signer}: no key was used" : $"{signer}: the key is at {dkim.Selector}._domainkey.{dkim.Domain}");
        yield return Line("dkim", $"{signer}: {dkim.Reason}");
    }

    private static IEnumerable<string> Arc(AuthenticationReport report)
    {
        var arc = report.Arc;
        for (var i = 0; i < arc.Sealers.Length; i++)
        {
            yield return Line("arc", $"set {i + 1} was sealed by {arc.Sealers[i]}");
        }

        if (arc.OldestPass is { } oldest)
        {
            yield return Line("arc", oldest == 0 ? "nobody on the way changed what the sets sign" : $"the message is unchanged since set {oldest}");
        }

        if (arc.NewestResults is { } results)
        {
            yield return Line("arc", $"the newest set says: {string.Join(' ', results.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        }

        yield return Line("arc", arc.Reason);
    }

    private static IEnumerable<string> Dmarc(AuthenticationReport report)
    {
        var dmarc = report.Dmarc;
        foreach (var lookup in report.Lookups.Where(l => l.Name.StartsWith("_dmarc.", StringComparison.OrdinalIgnoreCase)))
        {
            yield return Line("dmarc", $"walk: {lookup.Name}: {lookup.Summary}");
        }

        if (dmarc.RecordDomain is null)
        {
            yield return Line("dmarc", dmarc.Reason);
            yield break;
        }

        var organization = dmarc.OrganizationalDomain is { } name ? $", whose Organizational Domain is {name}" : "";
        yield return Line("dmarc", $"alignment with {dmarc.AuthorDomain}{organization}");
        yield return Line("dmarc", $"SPF of {report.SpfMailFrom.Domain}: {Word(report.SpfMailFrom.Verdict)}, {Aligned(dmarc.SpfAligned)}");
        yield return Line("dmarc", $"DKIM of {string.Join(", ", report.Dkim.Select(d => $"{d.Domain}: {Word(d.Verdict)}").DefaultIfEmpty("nobody"))}; {Aligned(dmarc.DkimAligned)}");
        yield return Line("dmarc", $"_dmarc.{dmarc.RecordDomain} asks for {Word(dmarc.Policy ?? default)}{(dmarc.IsTesting ? " in test mode" : "")}; for this message: {Word(dmarc.Disposition)}");
    }

    private static string Aligned(bool isAligned) => isAligned ? "passed and aligned" : "nothing that passed is aligned";

    private static string Line(string mechanism, string text) => Shown.Line($"{mechanism,-6} {text}");

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
