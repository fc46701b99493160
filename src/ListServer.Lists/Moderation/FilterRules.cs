using System.Collections.Immutable;
using ListServer.Lists.Filtering;

namespace ListServer.Lists.Moderation;

/// <summary>What the list's content filter would leave of a post.</summary>
internal static class FilterRules
{
    public static readonly ImmutableArray<Rule> All = [new("content-filter", Ask)];

    private static Verdict? Ask(Candidate candidate)
    {
        var filter = candidate.List.Filter;
        if (filter.IsIdle || candidate.ApprovedBy is not null)
        {
            return null;
        }

        var filtered = FilterRun.Apply(filter, new Entity(candidate.Message.Fields, candidate.Message.Body));
        return filtered.Problem(filter) switch
        {
            null => null,
            var problem when filtered.Whole is null && filter.Empty is EmptyAction.Reject => new Verdict.Reject(problem),
            var problem when filtered.Whole is null && filter.Empty is EmptyAction.Discard => new Verdict.Discard(problem),
            var problem => new Verdict.Hold(problem),
        };
    }
}
