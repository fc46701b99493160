using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>How often one author may post.</summary>
internal static class RateRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("author-rate", c => c.List.Moderation.MaxPostsADay is > 0 and var most && !c.IsFromModerator && c.PostsOfAuthor(most) >= most
            ? new Verdict.Hold($"The author has sent more than {most} messages within 24 hours")
            : null),
    ];
}
