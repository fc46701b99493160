using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>What an owner said about single header fields. It holds for everybody's posts.</summary>
internal static class HeaderRules
{
    public static readonly ImmutableArray<Rule> All = [new("header-match", Apply)];

    private static Verdict? Apply(Candidate candidate)
    {
        if (candidate.List.Moderation.HeaderMatches.FirstOrDefault(rule => rule.Fits(candidate.Message)) is not { } match)
        {
            return null;
        }

        var reason = $"Header \"{match.Field}\" matched a bounce_matching_header line";
        return match.Action switch
        {
            AuthorAction.Reject when candidate.ApprovedBy is null => new Verdict.Reject(reason),
            AuthorAction.Discard when candidate.ApprovedBy is null => new Verdict.Discard(reason),
            _ => new Verdict.Hold(reason),
        };
    }
}
