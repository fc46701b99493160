using System.Collections.Immutable;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Mitigation;

/// <summary>Kinds of receivers, by what they make of authentication.</summary>
public enum ReceiverKind
{
    /// <summary>Obeys DMARC to the letter, without regard for ARC.</summary>
    Strict,

    /// <summary>Wants SPF or DKIM of somebody, is strict about some domains, and heeds ARC where the chain passes and its newest sealer is known to it.</summary>
    GmailLike,

    /// <summary>Has our domain on its list of trusted sealers.</summary>
    TrustsOurSeal,
}

/// <summary>What becomes of a copy at its receiver, as far as authentication decides.</summary>
public enum ForecastOutcome
{
    /// <summary>Authentication is no reason against it.</summary>
    Delivered,

    /// <summary>Into the spam folder.</summary>
    Spam,

    /// <summary>Refused for good.</summary>
    Refused,

    /// <summary>Refused for now.</summary>
    Deferred,
}

/// <summary>What one kind of receiver would do with a copy.</summary>
/// <param name="Receiver">The kind.</param>
/// <param name="Outcome">What it would do.</param>
/// <param name="Why">Why, in words.</param>
public sealed record Forecast(ReceiverKind Receiver, ForecastOutcome Outcome, string Why)
{
    /// <summary>One for each kind, from what a verifier found out about the copy as it leaves. Pure.</summary>
    /// <param name="seen">What was found out, at the next hop.</param>
    /// <param name="trust">Whom the operator trusts (taken for known to the Gmail-like receiver too), and which domains are strict.</param>
    /// <param name="known">Further sealers that the Gmail-like receiver knows.</param>
    /// <param name="ours">The domain of our seal.</param>
    public static ImmutableArray<Forecast> Of(AuthenticationReport seen, OperatorTrust trust, IEnumerable<string> known, string ours)
    {
        var knowing = trust with { Sealers = trust.Sealers.Union(known.Select(domain => domain.ToLowerInvariant())) };
        var trusting = trust with { Sealers = [ours] };
        return
        [
            ByDmarc(ReceiverKind.Strict, seen, null, ""),
            GmailLike(seen, knowing),
            ByDmarc(ReceiverKind.TrustsOurSeal, seen, Voucher(seen, trusting), Unvouched(seen, trusting)),
        ];
    }

    private static Forecast GmailLike(AuthenticationReport seen, OperatorTrust knowing)
    {
        // AUTH-74: what nobody at all authenticates is refused, whatever the policy.
        if (seen.SpfMailFrom.Verdict is not SpfVerdict.Pass && !seen.Dkim.Any(dkim => dkim.Verdict is DkimVerdict.Pass))
        {
            return new(ReceiverKind.GmailLike, ForecastOutcome.Refused, "neither SPF nor DKIM passes for any domain");
        }

        var voucher = Voucher(seen, knowing);

        // AUTH-72: gmail.com's own policy is p=none, and its failing mail is refused all the same.
        return seen.Dmarc is { Verdict: DmarcVerdict.Fail, Disposition: DmarcPolicy.None } && voucher is null && knowing.StrictDomains.Contains(seen.Dmarc.AuthorDomain)
            ? new(ReceiverKind.GmailLike, ForecastOutcome.Refused, $"DMARC fails for {seen.Dmarc.AuthorDomain}, which is taken for strict whatever it publishes{Unvouched(seen, knowing)}")
            : ByDmarc(ReceiverKind.GmailLike, seen, voucher, Unvouched(seen, knowing));
    }

    private static Forecast ByDmarc(ReceiverKind receiver, AuthenticationReport seen, string? voucher, string unvouched)
    {
        var dmarc = seen.Dmarc;
        var (outcome, why) = (dmarc.Verdict, dmarc.Disposition) switch
        {
            (DmarcVerdict.Pass, _) => (ForecastOutcome.Delivered, $"DMARC passes for {dmarc.AuthorDomain}"),
            (DmarcVerdict.None, _) => (ForecastOutcome.Delivered, $"{dmarc.AuthorDomain} publishes no DMARC record"),
            (DmarcVerdict.TempError, _) => (ForecastOutcome.Deferred, $"DMARC can't be evaluated now: {dmarc.Reason}"),
            (DmarcVerdict.Fail, _) when voucher is not null =>
                (ForecastOutcome.Delivered, $"DMARC fails for {dmarc.AuthorDomain}, but {voucher}, whose seal counts, saw it pass"),
            (DmarcVerdict.Fail, DmarcPolicy.None) => (ForecastOutcome.Delivered, $"DMARC fails for {dmarc.AuthorDomain}, whose policy asks for nothing"),
            (DmarcVerdict.Fail, DmarcPolicy.Quarantine) => (ForecastOutcome.Spam, $"DMARC fails for {dmarc.AuthorDomain}, whose policy is quarantine{unvouched}"),
            (DmarcVerdict.Fail, _) => (ForecastOutcome.Refused, $"DMARC fails for {dmarc.AuthorDomain}, whose policy is reject{unvouched}"),
            _ => (ForecastOutcome.Refused, $"DMARC has no author to go by: {dmarc.Reason}"),
        };
        return new(receiver, outcome, why);
    }

    private static string? Voucher(AuthenticationReport seen, OperatorTrust trust) =>
        seen.Author.Domain is { } domain ? trust.Vouches(seen.Arc, domain) : null;

    private static string Unvouched(AuthenticationReport seen, OperatorTrust trust) => seen.Arc switch
    {
        { Verdict: ArcVerdict.None } => "; there is no seal",
        { Verdict: ArcVerdict.Fail } => "; the ARC chain fails",
        { Sealers: [.., var newest] } when trust.Sealers.Contains(newest) => $"; the seal of {newest} does not say that DMARC passed before",
        { Sealers: [.., var newest] } => $"; the seal of {newest} is not known",
        _ => "",
    };
}
