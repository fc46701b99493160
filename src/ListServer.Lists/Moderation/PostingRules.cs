using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>Who may post.</summary>
internal static class PostingRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("announce-only", AnnounceOnly),
        new("nonmember", Nonmember),
        new("moderated", Moderated),
    ];

    // SPF alone never authorises (AUTH-95): anyone who sends from the same shared addresses passes it.
    private const string Unproven =
        "The author may post here, but was not authenticated by DKIM or by an account (SPF alone does not authorise), or did not address the list";

    private static Verdict? Nonmember(Candidate candidate)
    {
        const string Reason = "The message is not from a list member";
        return candidate is not { List.Posting: PostingPolicy.Members or PostingPolicy.Moderated, Author: null, IsTrusted: false }
            ? null
            : candidate.List.Moderation.Nonmembers switch
            {
                AuthorAction.Accept => null,
                AuthorAction.Reject when candidate.ApprovedBy is null => new Verdict.Reject(Reason),
                AuthorAction.Discard when candidate.ApprovedBy is null => new Verdict.Discard(Reason),
                _ => new Verdict.Hold(Reason),
            };
    }

    private static Verdict.Hold? Moderated(Candidate candidate) => candidate switch
    {
        not { List.Posting: PostingPolicy.Moderated } or { Author: null, IsTrusted: false } or { MayPostUnread: true } => null,
        { HasModeratorsAddress: true } or { IsTrusted: true } => new Verdict.Hold(Unproven),
        _ => new Verdict.Hold("The message comes from a moderated member"),
    };

    private static Verdict? AnnounceOnly(Candidate candidate)
    {
        if (candidate.List.Posting is not PostingPolicy.AnnounceOnly || candidate.MayPostUnread || candidate.ApprovedBy is not null)
        {
            return null;
        }

        return candidate.HasModeratorsAddress || candidate.IsTrusted
            ? new Verdict.Hold(Unproven)
            : new Verdict.Reject("You are not allowed to post to this mailing list: only its moderators and owners are");
    }
}
