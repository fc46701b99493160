using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Mitigation;

/// <summary>What the verification of a message says about its author.</summary>
/// <param name="State">How sure we are of the author.</param>
/// <param name="Policy">What the author's domain asks for.</param>
/// <param name="MayAct">True when the author was authenticated by DKIM or by submission: SPF alone never authorises (AUTH-95).</param>
/// <param name="Why">What decided, in words.</param>
public sealed record AuthorStanding(AuthorState State, AuthorPolicy Policy, bool MayAct, string Why)
{
    /// <summary>True for a policy of quarantine or reject, or a domain taken for such.</summary>
    public bool IsStrict => Policy is not AuthorPolicy.Lax;

    /// <summary>True when SPF alone vouches for the author: that ends at the first server which sends the post on.</summary>
    public bool BySpfOnly { get; init; }

    /// <summary>Draws the conclusion from a report with a valid author.</summary>
    /// <param name="report">What was found on the raw octets.</param>
    /// <param name="envelope">How the message came.</param>
    /// <param name="trust">Whom the operator trusts, and what the operator knows about domains.</param>
    public static AuthorStanding Of(AuthenticationReport report, Envelope envelope, OperatorTrust trust)
    {
        var (state, why) = StateOf(report, envelope, trust);
        var mayAct = IsSubmittedByAuthor(report, envelope)
            || (state is AuthorState.Verified && (report.Dmarc.Policy is null ? HasExactDkim(report) : report.Dmarc.DkimAligned));
        return new AuthorStanding(state, PolicyOf(report, trust), mayAct, why)
        {
            BySpfOnly = state is AuthorState.Verified && !IsSubmittedByAuthor(report, envelope) && !report.Dmarc.DkimAligned && !HasExactDkim(report),
        };
    }

    private static (AuthorState State, string Why) StateOf(AuthenticationReport report, Envelope envelope, OperatorTrust trust)
    {
        if (IsSubmittedByAuthor(report, envelope))
        {
            return (AuthorState.Verified, "submitted with the author's own account");
        }

        var dmarc = report.Dmarc;
        return dmarc.Verdict switch
        {
            DmarcVerdict.Pass => (AuthorState.Verified, "DMARC passed"),
            DmarcVerdict.TempError => (AuthorState.DnsError, $"DMARC could not be evaluated: {dmarc.Reason}"),
            DmarcVerdict.None => StateWithoutRecord(report, envelope),
            DmarcVerdict.Fail when trust.Vouches(report.Arc, report.Author.Domain!) is { } sealer =>
                (AuthorState.TrustedSealer, $"DMARC failed here, but the trusted sealer {sealer} saw it pass"),
            _ => (AuthorState.Unauthenticated, $"DMARC: {dmarc.Reason}"),
        };
    }

    private static (AuthorState State, string Why) StateWithoutRecord(AuthenticationReport report, Envelope envelope)
    {
        if (HasExactDkim(report))
        {
            return (AuthorState.Verified, "no DMARC record; DKIM passed for the author's domain");
        }

        // RFC 9989 §4.4.1: the SPF identity is MAIL FROM; that of a null reverse-path names no author.
        var isExactSpf = envelope.ReversePath.Length > 0 && Same(report.SpfMailFrom.Domain, report.Author.Domain);
        if (isExactSpf && report.SpfMailFrom.Verdict is SpfVerdict.Pass)
        {
            return (AuthorState.Verified, "no DMARC record; SPF passed for the author's domain");
        }

        var isUndecided = (isExactSpf && report.SpfMailFrom.Verdict is SpfVerdict.TempError)
            || report.Dkim.Any(d => d.Verdict is DkimVerdict.TempError && Same(d.Domain, report.Author.Domain));
        return isUndecided
            ? (AuthorState.DnsError, "DNS did not answer for the author's domain")
            : (AuthorState.Unauthenticated, "no DMARC record, and neither SPF nor DKIM passed for the author's domain");
    }

    // What could not be asked is taken for strict: a moderator may yet let such a post pass.
    private static AuthorPolicy PolicyOf(AuthenticationReport report, OperatorTrust trust) => report.Dmarc.Policy switch
    {
        DmarcPolicy.Reject => AuthorPolicy.Reject,
        DmarcPolicy.Quarantine => AuthorPolicy.Quarantine,
        null when report.Dmarc.Verdict is DmarcVerdict.TempError => AuthorPolicy.Quarantine,
        _ => report.Author.Domain is { } domain && trust.StrictDomains.Contains(domain) ? AuthorPolicy.Quarantine : AuthorPolicy.Lax,
    };

    private static bool IsSubmittedByAuthor(AuthenticationReport report, Envelope envelope) =>
        envelope.Account is not null && Same(envelope.Account, report.Author.Address);

    private static bool HasExactDkim(AuthenticationReport report) =>
        report.Dkim.Any(d => d.Verdict is DkimVerdict.Pass && d.CoversWholeBody && Same(d.Domain, report.Author.Domain));

    private static bool Same(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
