namespace ListServer.Lists.Mitigation;

/// <summary>What the decision table of mail-authentication.md asks about a post.</summary>
public sealed record MitigationCase
{
    /// <summary>The author's standing; null when there is no single valid author.</summary>
    public required AuthorStanding? Standing { get; init; }

    /// <summary>The list's setting.</summary>
    public required MitigationSetting Setting { get; init; }

    /// <summary>The list holds posts of lax authors who were not authenticated (require-author-auth).</summary>
    public required bool RequiresAuthorAuthentication { get; init; }

    /// <summary>The list refuses forged posts of p=reject authors, and something else says forged as well (row 3).</summary>
    public bool RejectsForged { get; init; }

    /// <summary>The author's domain is the list's, or aligned with it: under the list's signature the author would look authenticated (AUTH-70).</summary>
    public bool IsFromOurs { get; init; }

    /// <summary>The moderator who approved it, or null.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>The list changed something that the author wrote.</summary>
    public bool IsModified { get; init; }

    /// <summary>An aligned signature of the author verifies on the final octets: found by verifying, never predicted (AUTH-71).</summary>
    public bool Survives { get; init; }
}

/// <summary>What is done about From.</summary>
public enum MitigationAction
{
    /// <summary>Refuse for good.</summary>
    Reject,

    /// <summary>Refuse for now: DNS did not answer.</summary>
    Defer,

    /// <summary>Keep for a moderator.</summary>
    Hold,

    /// <summary>Leave From as it is.</summary>
    Keep,

    /// <summary>Put the list into From, and the author beside it.</summary>
    Rewrite,

    /// <summary>Put the whole message into one of the list's own.</summary>
    Wrap,

    /// <summary>Take back what the list changed, and ask again.</summary>
    Undo,
}

/// <summary>The table's answer.</summary>
/// <param name="Row">The row that decided.</param>
/// <param name="Action">What is done.</param>
/// <param name="Why">Why, in words for a trace or a reply.</param>
/// <param name="IsMarked">True when the copy must say that its author was not verified (rows 18 and 19).</param>
public sealed record MitigationDecision(int Row, MitigationAction Action, string Why, bool IsMarked = false);
