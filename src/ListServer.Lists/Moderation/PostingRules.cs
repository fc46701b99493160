using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>Who may post.</summary>
internal static class PostingRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("announce-only", AnnounceOnly),
        new("nonmember", c => c is { List.Posting: PostingPolicy.Members or PostingPolicy.Moderated, Author: null }
            ? new Verdict.Hold("The message is not from a list member")
            : null),
        new("moderated", c => c is { List.Posting: PostingPolicy.Moderated, Author: not null } && !c.IsFromModerator
            ? new Verdict.Hold(c.HasModeratorsAddress ? Unproven : "The message comes from a moderated member")
            : null),
    ];

    // SPF alone never authorises (AUTH-95): anyone who sends from the same shared addresses passes it.
    private const string Unproven =
        "The author may post here, but was not authenticated by DKIM or by an account (SPF alone does not authorise), or did not address the list";

    private static Verdict? AnnounceOnly(Candidate candidate)
    {
        if (candidate.List.Posting is not PostingPolicy.AnnounceOnly || candidate.IsFromModerator || candidate.ApprovedBy is not null)
        {
            return null;
        }

        return candidate.HasModeratorsAddress
            ? new Verdict.Hold(Unproven)
            : new Verdict.Reject("You are not allowed to post to this mailing list: only its moderators and owners are");
    }
}
