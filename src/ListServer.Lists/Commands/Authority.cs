using ListServer.Lists.Mitigation;
using ListServer.MailAuth;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Commands;

/// <summary>How far a command mail is believed to come from the address in its From field; each is more than the one before.</summary>
public enum Authority
{
    /// <summary>Something speaks against it: nothing goes to that address but a question, within the daily caps.</summary>
    None,

    /// <summary>Nobody vouches for it, and nothing speaks against it: one short answer a day.</summary>
    Claimed,

    /// <summary>SPF or DKIM vouches for the domain: answers go there.</summary>
    Answerable,

    /// <summary>DKIM vouches for the domain, or the author's own account submitted it: commands act at once. SPF alone never suffices (AUTH-95).</summary>
    Acting,
}

/// <summary>Draws the conclusion about a command mail.</summary>
public static class CommandAuthority
{
    /// <summary>What is believed of a mail with a valid author.</summary>
    /// <param name="report">What was found on the raw octets.</param>
    /// <param name="envelope">How it came.</param>
    /// <param name="trust">Whom the operator trusts.</param>
    public static Authority Of(AuthenticationReport report, Envelope envelope, OperatorTrust trust)
    {
        var standing = AuthorStanding.Of(report, envelope, trust);
        return standing switch
        {
            { MayAct: true } => Authority.Acting,
            { State: AuthorState.Verified } => Authority.Answerable,
            { State: AuthorState.Unauthenticated, IsStrict: false } when !IsContradicted(report, envelope) => Authority.Claimed,
            _ => Authority.None,
        };
    }

    // An answer to From must not reach somebody other than the envelope names (SEC-20).
    private static bool IsContradicted(AuthenticationReport report, Envelope envelope) =>
        report.SpfMailFrom.Verdict is SpfVerdict.Fail
        || !string.Equals(envelope.ReversePath, report.Author.Address, StringComparison.OrdinalIgnoreCase);
}
