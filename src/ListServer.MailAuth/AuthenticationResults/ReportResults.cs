using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>Puts an <see cref="AuthenticationReport"/> into the words of RFC 8601 §2.7 (AUTH-45, 49).</summary>
public static class ReportResults
{
    /// <summary>A hostile message can bring thousands of signatures; the field stays readable.</summary>
    internal const int MaximumSignatures = 20;

    /// <summary>RFC 6008 §4: the first eight characters of b= tell signatures apart.</summary>
    private const int SignaturePrefix = 8;

    /// <summary>The results of a report: spf, dkim, dmarc, and arc.</summary>
    /// <param name="report">What was found out about the message as it arrived.</param>
    /// <param name="clientAddress">The address of the SMTP client.</param>
    /// <param name="authservId">Who we are.</param>
    public static ResultsField From(AuthenticationReport report, IPAddress clientAddress, string authservId)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(clientAddress);
        return new ResultsField(authservId,
        [
            Spf(report.SpfMailFrom, "mailfrom"),
            Spf(report.SpfHelo, "helo"),
            .. report.Dkim.IsEmpty ? [new MethodResult("dkim", "none", null, [])] : report.Dkim.Take(MaximumSignatures).Select(Dkim),
            Dmarc(report.Dmarc),
            Arc(report.Arc, clientAddress),
        ]);
    }

    private static MethodResult Spf(SpfResult spf, string property) => new(
        "spf", Word(spf.Verdict), ReasonUnless(spf.Verdict == SpfVerdict.Pass, spf.Reason), Properties(("smtp", property, spf.Domain)));

    private static MethodResult Dkim(DkimResult dkim)
    {
        // AUTH-27: what l= leaves out is not signed, so a pass would say too much. RFC 8601 §2.7.1 has "policy" for such.
        var verdict = dkim is { Verdict: DkimVerdict.Pass, CoversWholeBody: false } ? DkimVerdict.Policy : dkim.Verdict;
        return new MethodResult(
            "dkim",
            Word(verdict),
            ReasonUnless(verdict == DkimVerdict.Pass, dkim.Reason),
            Properties(
                ("header", "d", dkim.Domain),
                ("header", "s", dkim.Selector),
                ("header", "i", dkim.Identity),
                ("header", "a", dkim.Algorithm),
                ("header", "b", dkim.Signature[..Math.Min(dkim.Signature.Length, SignaturePrefix)])));
    }

    private static MethodResult Dmarc(DmarcResult dmarc) => new(
        "dmarc",
        Word(dmarc.Verdict),
        ReasonUnless(dmarc.Verdict == DmarcVerdict.Pass, dmarc.Reason),
        Properties(("header", "from", dmarc.AuthorDomain), ("policy", "dmarc", dmarc.Policy is { } policy ? Word(policy) : "")));

    private static MethodResult Arc(ArcResult arc, IPAddress clientAddress) => new(
        "arc",
        Word(arc.Verdict),
        ReasonUnless(arc.Verdict != ArcVerdict.Fail, arc.Reason),
        Properties(
            ("smtp", "remote-ip", (clientAddress.IsIPv4MappedToIPv6 ? clientAddress.MapToIPv4() : clientAddress).ToString()),
            ("header", "oldest-pass", arc.OldestPass?.ToString(CultureInfo.InvariantCulture) ?? "")));

    private static ImmutableArray<ResultProperty> Properties(params ReadOnlySpan<(string Type, string Name, string Value)> properties)
    {
        var list = ImmutableArray.CreateBuilder<ResultProperty>(properties.Length);
        foreach (var (type, name, value) in properties)
        {
            if (value.Length > 0)
            {
                list.Add(new ResultProperty(type, name, value));
            }
        }

        return list.DrainToImmutable();
    }

    private static string? ReasonUnless(bool plain, string reason) => plain || reason.Length == 0 ? null : reason;

    private static string Word<T>(T verdict)
        where T : struct, Enum => verdict.ToString().ToLowerInvariant();
}
