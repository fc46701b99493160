using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>What a list holds, refuses or drops beside its posting policy. As it stands, nothing: lists of before there were such rules have none.</summary>
public sealed record ModerationSettings
{
    /// <summary>What a new list begins with (LIST-default).</summary>
    public static readonly ModerationSettings OfNewLists = new()
    {
        MaxRecipients = 10,
        HoldsAdministrivia = true,
        RequiresDestination = true,
        RequiresSubject = true,
        HoldsDigestQuotes = true,
    };

    /// <summary>Every post is held, whoever wrote it.</summary>
    public bool IsEmergency { get; init; }

    /// <summary>What becomes of posts of those who are no members, where the policy is for members.</summary>
    public AuthorAction Nonmembers { get; init; } = AuthorAction.Hold;

    /// <summary>A post with more addresses in To and Cc is held; 0 for any number.</summary>
    public int MaxRecipients { get; init; }

    /// <summary>A post that looks like a mail command is held.</summary>
    public bool HoldsAdministrivia { get; init; }

    /// <summary>A post that does not name the list in To or Cc is held.</summary>
    public bool RequiresDestination { get; init; }

    /// <summary>Further addresses that name the list, with * for any characters.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>A post without a subject is held.</summary>
    public bool RequiresSubject { get; init; }

    /// <summary>A post that answers a digest under the digest's subject, or quotes a whole one, is held.</summary>
    public bool HoldsDigestQuotes { get; init; }

    /// <summary>Rules for single header fields, in their order.</summary>
    public ImmutableArray<HeaderMatch> HeaderMatches { get; init; } = [];

    /// <summary>A post with this spam score or a higher one is held; null for any.</summary>
    public double? SpamHoldScore { get; init; }

    /// <summary>A post with this spam score or a higher one is refused; null for any.</summary>
    public double? SpamRejectScore { get; init; }

    /// <summary>An author's further posts within 24 hours are held; 0 for any number.</summary>
    public int MaxPostsADay { get; init; }
}
