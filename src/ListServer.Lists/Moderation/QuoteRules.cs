using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ListServer.Lists.Moderation;

/// <summary>Answers that say nothing about what they answer: without a subject, under a digest's, or with all of a digest below.</summary>
internal static partial class QuoteRules
{
    private const int LinesRead = 500;
    private static readonly char[] Quotes = ['>', '|', ' ', '\t'];

    public static readonly ImmutableArray<Rule> All =
    [
        new("no-subject", c => c.List.Moderation.RequiresSubject && !c.IsFromModerator && PostContent.Read(c.Message).Subject.Length == 0
            ? new Verdict.Hold("Message has no subject")
            : null),
        new("digest-subject", c => c.List.Moderation.HoldsDigestQuotes && !c.IsFromModerator && DigestSubject().IsMatch(PostContent.Read(c.Message).Subject)
            ? new Verdict.Hold("Message has a digest subject")
            : null),
        new("digest-quote", c => c.List.Moderation.HoldsDigestQuotes && !c.IsFromModerator && QuotesDigest(c)
            ? new Verdict.Hold("Message quotes digest boilerplate")
            : null),
    ];

    // The lines that stand in every digest and in nothing else (RFC 1153 §2, and the form that Mailman made common).
    private static bool QuotesDigest(Candidate candidate)
    {
        var name = candidate.List.DisplayName;
        return PostText.Of(candidate.Message).Split('\n', LinesRead + 1).Take(LinesRead).Any(line =>
            line.StartsWith('>') && line.Trim().Trim(Quotes) is var said
            && (said.Equals("Today's Topics:", StringComparison.OrdinalIgnoreCase)
                || said.StartsWith($"End of {name} Digest", StringComparison.OrdinalIgnoreCase)
                || said.StartsWith($"Send {name} mailing list submissions to", StringComparison.OrdinalIgnoreCase)));
    }

    [GeneratedRegex(@"\bdigest, vol(ume)?\.? [0-9]+, issue [0-9]+", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex DigestSubject();
}
