namespace ListServer.Lists.Mitigation;

/// <summary>The decision table of mail-authentication.md, row by row.</summary>
public static class DecisionTable
{
    private const string BySpfOnly =
        "The author's policy is strict, and only SPF vouches for them, which ends at this list: their domain did not sign the post with DKIM";

    /// <summary>Finds the row that holds. Pure: the same case, the same answer.</summary>
    public static MitigationDecision Decide(MitigationCase post) => post.Standing switch
    {
        null => new(1, MitigationAction.Reject, "The From field does not hold exactly one valid address"),
        { State: AuthorState.Verified or AuthorState.TrustedSealer } standing => DecideAuthenticated(post, standing),
        var standing when post.ApprovedBy is not null => DecideApproved(post, standing),
        { State: AuthorState.DnsError } standing => new(2, MitigationAction.Defer, $"The author could not be authenticated now: {standing.Why}"),
        var standing => DecideUnauthenticated(post, standing),
    };

    private static MitigationDecision DecideUnauthenticated(MitigationCase post, AuthorStanding standing)
    {
        switch (standing.Policy)
        {
            case AuthorPolicy.Reject:
                // RFC 9989 §7.4: never refused for the policy alone; the reply names DMARC (AUTH-14).
                return post.RejectsForged
                    ? new(3, MitigationAction.Reject, $"DMARC: the author was not authenticated, the domain's policy is reject, and SPF fails as well ({standing.Why})")
                    : new(3, MitigationAction.Hold, $"The author was not authenticated, and the domain's DMARC policy is reject ({standing.Why})");
            case AuthorPolicy.Quarantine:
                return new(4, MitigationAction.Hold, $"The author was not authenticated, and the domain's DMARC policy is strict ({standing.Why})");
        }

        if (post.RequiresAuthorAuthentication)
        {
            return new(5, MitigationAction.Hold, $"The author was not authenticated ({standing.Why})");
        }

        if (post.IsFromOurs)
        {
            return new(5, MitigationAction.Hold, $"The author was not authenticated, and the list's signature would vouch for the address ({standing.Why})");
        }

        // Row 6 never rewrites (AUTH-70), so a list that always does has to ask a moderator.
        return post.Setting is MitigationSetting.Always or MitigationSetting.Wrap
            ? new(5, MitigationAction.Hold, $"The author was not authenticated, and would leave under the list's own address ({standing.Why})")
            : new(6, MitigationAction.Keep, "The author was not authenticated; From stays, so that receivers judge for themselves");
    }

    private static MitigationDecision DecideApproved(MitigationCase post, AuthorStanding standing)
    {
        var why = $"The author was not authenticated; approved by {post.ApprovedBy}";
        return (standing.IsStrict, post.Setting) switch
        {
            (true, MitigationSetting.Wrap) => new(18, MitigationAction.Wrap, why, IsMarked: true),
            (true, _) => new(18, MitigationAction.Rewrite, why, IsMarked: true),
            (false, MitigationSetting.Always) => new(19, MitigationAction.Rewrite, why, IsMarked: true),
            (false, MitigationSetting.Wrap) => new(19, MitigationAction.Wrap, why, IsMarked: true),
            _ => new(19, MitigationAction.Keep, why, IsMarked: true),
        };
    }

    private static MitigationDecision DecideAuthenticated(MitigationCase post, AuthorStanding standing)
    {
        switch (post)
        {
            case { Setting: MitigationSetting.Always }:
                return new(15, MitigationAction.Rewrite, "The list rewrites From of every post");
            case { Setting: MitigationSetting.Wrap } when !standing.IsStrict:
                return new(16, MitigationAction.Keep, "The author's policy is lax: no need to wrap");
            case { Setting: MitigationSetting.Wrap, Survives: true }:
                return new(17, MitigationAction.Keep, "The author's signature survives: no need to wrap");
            case { Setting: MitigationSetting.Wrap }:
                return new(12, MitigationAction.Wrap, standing.BySpfOnly ? BySpfOnly : "The author's policy is strict, and no signature of theirs survives");
            case { Survives: true }:
                return post.IsModified
                    ? new(8, MitigationAction.Keep, "The author's signature survives the list's changes")
                    : new(7, MitigationAction.Keep, "Nothing that the author wrote was changed, and their signature verifies");
            case { } when !standing.IsStrict:
                return new(9, MitigationAction.Keep, "The author's policy is lax: signed and sealed only");
            case { Setting: MitigationSetting.Auto, IsModified: false }:
                return new(10, MitigationAction.Rewrite, standing.BySpfOnly ? BySpfOnly : "The author's policy is strict, and nothing but SPF or a trusted sealer vouches for them");
            case { Setting: MitigationSetting.Auto }:
                return new(11, MitigationAction.Rewrite, standing.BySpfOnly ? BySpfOnly : "The author's policy is strict, and the list's changes break their signature");
            case { IsModified: true }:
                return new(13, MitigationAction.Undo, "The author's policy is strict, the list's changes break their signature, and the list never rewrites");
            default:
                return new(14, MitigationAction.Hold, standing.BySpfOnly ? BySpfOnly + "; and the list never rewrites" : "The author's policy is strict, none of their signatures survives, and the list never rewrites");
        }
    }
}
