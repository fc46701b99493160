using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>What becomes of a message sent to a list, and how that came about.</summary>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Rules">The rules that ran, in their order.</param>
public sealed record ModerationDecision(Verdict Verdict, ImmutableArray<RuleOutcome> Rules);

/// <summary>Decides about messages sent to a list.</summary>
public static class Moderator
{
    // Order is meaning: what came around in a loop, or from a machine, must not be answered by the refusals further down.
    private static readonly ImmutableArray<Rule> Rules =
    [
        .. LoopRules.All,
        .. MachineRules.All,
        .. AuthorRules.All,
        .. EmergencyRules.All,
        .. BanRules.All,
        .. AuthorActionRules.All,
        .. HeaderRules.All,
        .. SpamRules.All,
        .. PostingRules.All,
        .. AdministriviaRules.All,
        .. DestinationRules.All,
        .. SizeRules.All,
        .. FilterRules.All,
        .. AnonymityRules.All,
        .. QuoteRules.All,
        .. RateRules.All,
    ];

    /// <summary>Asks the rules in their order. The first refusal or discard ends it; the reasons of all holds are collected.</summary>
    public static ModerationDecision Decide(Candidate candidate)
    {
        var outcomes = ImmutableArray.CreateBuilder<RuleOutcome>();
        var holds = new List<string>();
        foreach (var rule in Rules)
        {
            var verdict = rule.Apply(candidate);
            outcomes.Add(new RuleOutcome(rule.Name, verdict));
            if (verdict is Verdict.Hold hold)
            {
                holds.Add(hold.Reason);
            }
            else if (verdict is not null)
            {
                return new ModerationDecision(verdict, outcomes.ToImmutable());
            }
        }

        if (holds.Count > 0 && candidate.ApprovedBy is null)
        {
            return new ModerationDecision(new Verdict.Hold(string.Join("; ", holds)), outcomes.ToImmutable());
        }

        return new ModerationDecision(new Verdict.Accept(), outcomes.ToImmutable());
    }
}
