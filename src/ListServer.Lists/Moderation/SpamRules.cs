using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ListServer.MailAuth;

namespace ListServer.Lists.Moderation;

/// <summary>
/// What a spam filter in front of us wrote into the header: rspamd (X-Spamd-Result, X-Rspamd-Score), SpamAssassin (X-Spam-Status) and their like. A
/// sender may write such fields as well, which is why of several the highest score counts: nobody makes their own post look better.
/// </summary>
internal static partial class SpamRules
{
    private const int LongestValue = 2_000;

    public static readonly ImmutableArray<Rule> All = [new("spam-score", Apply)];

    private static Verdict? Apply(Candidate candidate)
    {
        var (hold, reject) = (candidate.List.Moderation.SpamHoldScore, candidate.List.Moderation.SpamRejectScore);
        if ((hold is null && reject is null) || candidate.IsFromModerator || Score(candidate.Message) is not { } score)
        {
            return null;
        }

        var reason = string.Create(CultureInfo.InvariantCulture, $"The message has a spam score of {score}");
        return score >= reject && candidate.ApprovedBy is null
            ? new Verdict.Reject($"{reason}, which this list does not take")
            : score >= hold || score >= reject ? new Verdict.Hold(reason) : null;
    }

    /// <summary>The highest score that any field tells; null when none does.</summary>
    private static double? Score(RawMessage message) => message.Fields.Select(ScoreIn).Max();

    private static double? ScoreIn(HeaderField field)
    {
        var pattern = field switch
        {
            _ when field.Is("X-Spam-Score") || field.Is("X-Rspamd-Score") => Number(),
            _ when field.Is("X-Spam-Status") => Status(),
            _ when field.Is("X-Spamd-Result") => Result(),
            _ => null,
        };
        var value = field.RawValue.Span;
        return pattern?.Match(Encoding.Latin1.GetString(value[..Math.Min(value.Length, LongestValue)])) is { Success: true } match
            && double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) ? score : null;
    }

    [GeneratedRegex(@"^\s*([-+]?[0-9]{1,6}(\.[0-9]{1,6})?)", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    // X-Spam-Status: Yes, score=7.1 required=5.0 tests=…
    [GeneratedRegex(@"\b(?:score|hits)=([-+]?[0-9]{1,6}(\.[0-9]{1,6})?)", RegexOptions.NonBacktracking)]
    private static partial Regex Status();

    // X-Spamd-Result: default: False [3.20 / 15.00]; …
    [GeneratedRegex(@"\[\s*([-+]?[0-9]{1,6}(\.[0-9]{1,6})?)\s*/", RegexOptions.NonBacktracking)]
    private static partial Regex Result();
}
