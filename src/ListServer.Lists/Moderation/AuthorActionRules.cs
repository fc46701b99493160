using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>What was decided about single authors, members or not. Nothing here proves who wrote a post: that is asked before.</summary>
internal static class AuthorActionRules
{
    public static readonly ImmutableArray<Rule> All = [new("author-action", Apply)];

    private static Verdict? Apply(Candidate candidate) => candidate.AuthorRule?.Action switch
    {
        _ when candidate.IsFromModerator => null,
        AuthorAction.Hold => new Verdict.Hold(
            candidate.Author is null ? "The sender is in the nonmember hold list" : "The message comes from a moderated member"),
        AuthorAction.Reject when candidate.ApprovedBy is null => new Verdict.Reject("You are not allowed to post to this mailing list"),
        AuthorAction.Discard when candidate.ApprovedBy is null => new Verdict.Discard(
            candidate.Author is null ? "The sender is in the nonmember discard list" : "The posts of this member are discarded"),
        _ => null,
    };
}
