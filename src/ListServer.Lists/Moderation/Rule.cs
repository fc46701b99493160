namespace ListServer.Lists.Moderation;

/// <summary>One rule: what it asks, and what follows.</summary>
/// <param name="Name">Its name in a trace: lower case, hyphens.</param>
/// <param name="Apply">The verdict when the rule speaks; null when it has nothing to say.</param>
internal sealed record Rule(string Name, Func<Candidate, Verdict?> Apply);

/// <summary>That a rule ran, and what it said.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Verdict">What it said, or null for nothing.</param>
public sealed record RuleOutcome(string Rule, Verdict? Verdict);
