using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Moderation;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Reports;
using ListServer.Reception;
using ListServer.Store;

namespace ListServer.Reporting;

/// <summary>What a report says of a message: domains and results (AUTH-19, AUTH-84).</summary>
internal static class RowMaker
{
    private const int MostSelectorLetters = 253;

    /// <summary>The row of a message, as one of our domains received it; null where DMARC came to no result that a report could tell.</summary>
    /// <param name="verified">What was found out.</param>
    /// <param name="judgements">What became of it, for recipients of that domain.</param>
    public static ReceivedRow? Make(Verified verified, IReadOnlyList<Judgement> judgements)
    {
        var report = verified.Report;
        if (report.Dmarc is not { RecordDomain: not null, Verdict: DmarcVerdict.Pass or DmarcVerdict.Fail } dmarc)
        {
            return null;
        }

        var (disposition, why) = Disposition(dmarc, judgements);
        return new ReceivedRow(
            verified.Envelope.ClientAddress,
            dmarc.AuthorDomain,
            Domain(MemberAddress.DomainOf(verified.Envelope.ReversePath)),
            disposition,
            why,
            dmarc.DkimAligned,
            dmarc.SpfAligned,
            report.SpfMailFrom.Verdict,
            Domain(report.SpfMailFrom.Domain),
            [.. report.Dkim.Where(IsReadable).OrderBy(signature => Rank(signature, dmarc)).ThenBy(signature => signature.Domain, StringComparer.Ordinal).ThenBy(signature => signature.Selector, StringComparer.Ordinal)
                .Take(AggregateReportWriter.MaxSignatures).Select(signature => new ReceivedSignature(signature.Domain, signature.Selector, signature.Verdict))]);
    }

    // RFC 9990 §3.1.6, AUTH-16: a reason wherever alignment failed and the policy was not applied as it is published.
    private static (RowDisposition, OverrideKind?) Disposition(DmarcResult dmarc, IReadOnlyList<Judgement> judgements)
    {
        var policy = dmarc.Policy ?? DmarcPolicy.None;
        if (dmarc.Verdict is DmarcVerdict.Pass)
        {
            // Appendix A: "pass" is for a policy that would have asked for more.
            return (policy is DmarcPolicy.None ? RowDisposition.None : RowDisposition.Pass, null);
        }

        if (policy is DmarcPolicy.None)
        {
            return (RowDisposition.None, null);
        }

        var done = judgements.Any(judgement => judgement.Decision?.Verdict is not (Verdict.Hold or Verdict.Reject or Verdict.Discard)) ? RowDisposition.None
            : judgements.All(IsRefusedByPolicy) ? RowDisposition.Reject
            : RowDisposition.Quarantine;
        var asked = policy is DmarcPolicy.Reject ? RowDisposition.Reject : RowDisposition.Quarantine;
        return (done, done == asked ? null : Override(dmarc, judgements));
    }

    // What fails a strict policy is accepted for a trusted sealer's word only (decision table, T).
    private static OverrideKind Override(DmarcResult dmarc, IReadOnlyList<Judgement> judgements) =>
        judgements.Any(judgement => judgement.Decision?.Verdict is Verdict.Accept) ? OverrideKind.TrustedForwarder
        : dmarc.IsTesting ? OverrideKind.PolicyTestMode
        : OverrideKind.LocalPolicy;

    // Row 3 of the decision table is the only refusal for a policy; its reply says so (AUTH-14).
    private static bool IsRefusedByPolicy(Judgement judgement) =>
        judgement.Decision?.Verdict is Verdict.Reject { Code: 550 } reject && reject.Reason.StartsWith("DMARC", StringComparison.Ordinal);

    // RFC 9990 §3.1.3: strictly aligned ones that pass, then those aligned at all, then others that pass (AUTH-17).
    private static int Rank(DkimResult signature, DmarcResult dmarc) => signature.Verdict is not DkimVerdict.Pass ? 3
        : signature.Domain.Equals(dmarc.AuthorDomain, StringComparison.OrdinalIgnoreCase) ? 0
        : signature.Domain.EndsWith("." + (dmarc.OrganizationalDomain ?? dmarc.AuthorDomain), StringComparison.OrdinalIgnoreCase) || signature.Domain == dmarc.OrganizationalDomain ? 1
        : 2;

    // A field that could not be read names nobody.
    private static bool IsReadable(DkimResult signature) => Domain(signature.Domain).Length > 0
        && signature.Selector.Length is > 0 and <= MostSelectorLetters && signature.Selector.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Domain(string text) => DomainName.Normalize(text) ?? "";
}
