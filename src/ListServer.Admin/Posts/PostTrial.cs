using System.Collections.Immutable;
using ListServer.Lists.Cooking;
using ListServer.Lists.Mitigation;

namespace ListServer.Admin.Posts;

/// <summary>What would happen to a message that came to a list now. Nothing was sent, stored or counted.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Verification">How it would come, and who would really have sent it.</param>
/// <param name="AuthenticationResults">The value of the field that would say so.</param>
/// <param name="Decision">The verdict and the rules behind it.</param>
/// <param name="Recipients">Members who would get a copy.</param>
/// <param name="Destinations">Their domains.</param>
public sealed record PostTrial(
    string List, ImmutableArray<TrialLine> Verification, string AuthenticationResults, TrialDecision Decision, int Recipients, int Destinations)
{
    /// <summary>Answers of the decision table about From: the last one counts. Empty for what is refused or dropped before it is cooked.</summary>
    public ImmutableArray<MitigationDecision> Mitigation { get; init; } = [];

    /// <summary>What the list would change, in the order it is done.</summary>
    public ImmutableArray<Modification> Modifications { get; init; } = [];

    /// <summary>Why no copy would leave though it is not refused or dropped: no key, a fault, or the decision about From. Null otherwise.</summary>
    public string? Stays { get; init; }

    /// <summary>The copy that would leave, after its acceptance where it is held first; null when none would.</summary>
    public TrialCopy? Copy { get; init; }
}

/// <summary>One thing that was found out.</summary>
/// <param name="Outcome">One word or a few: "dkim=pass".</param>
/// <param name="Detail">Why, in words.</param>
public sealed record TrialLine(string Outcome, string Detail);

/// <summary>A verdict of moderation.</summary>
/// <param name="Verdict">accept, hold, reject or discard.</param>
/// <param name="Reason">Why; empty for accept.</param>
/// <param name="Reply">The SMTP reply in code and enhanced code.</param>
/// <param name="Rules">The rules that ran, in their order.</param>
public sealed record TrialDecision(string Verdict, string Reason, string Reply, ImmutableArray<TrialRule> Rules);

/// <summary>A rule that ran.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Verdict">hold, reject or discard; null when it had nothing to say.</param>
/// <param name="Reason">Why; null when it had nothing to say.</param>
public sealed record TrialRule(string Rule, string? Verdict, string? Reason);

/// <summary>A copy that would leave, and what would be thought of it.</summary>
/// <param name="Recipient">Whose it is, where each member has their own; null for one that all share.</param>
/// <param name="ReversePath">MAIL FROM.</param>
/// <param name="Serial">The number that it would bear if it were the next.</param>
/// <param name="Size">Its octets.</param>
/// <param name="Signing">What was signed and sealed.</param>
/// <param name="Seen">What our own verifier, as the next hop, finds out about it.</param>
/// <param name="Forecasts">What three kinds of receivers would do.</param>
/// <param name="Diff">What came against what leaves, in the unified form; cut where it is long.</param>
/// <param name="Octets">The whole copy; null unless it was asked for.</param>
public sealed record TrialCopy(
    string? Recipient,
    string ReversePath,
    long Serial,
    long Size,
    ImmutableArray<TrialLine> Signing,
    ImmutableArray<TrialLine> Seen,
    ImmutableArray<Forecast> Forecasts,
    string Diff,
    byte[]? Octets);
