using System.Collections.Immutable;
using ListServer.Lists.Moderation;

namespace ListServer.Lists.Commands;

/// <summary>Decides about mail to the people who run a list: it leaves under our signature, so the author must not be forged (AUTH-70).</summary>
public static class OwnerMail
{
    /// <summary>What becomes of it: accepted, refused or discarded, never held. Nobody but members writing is no reason: the address is for everyone.</summary>
    public static Verdict Decide(Candidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        var unanswerable = Verdicts(LoopRules.All, candidate).Select(v => new Verdict.Discard(v.Reason))
            .Concat(Verdicts(MachineRules.All, candidate).OfType<Verdict.Discard>())
            .FirstOrDefault();
        if (unanswerable is not null)
        {
            return unanswerable;
        }

        var open = candidate with { List = candidate.List with { RequireAuthorAuthentication = false, Mitigation = MitigationSetting.Auto } };
        return Verdicts(AuthorRules.All, open).FirstOrDefault() switch
        {
            null => new Verdict.Accept(),
            Verdict.Hold hold => new Verdict.Reject(hold.Reason),
            var refused => refused,
        };
    }

    private static IEnumerable<Verdict> Verdicts(ImmutableArray<Rule> rules, Candidate candidate) =>
        rules.Select(rule => rule.Apply(candidate)).OfType<Verdict>();
}
