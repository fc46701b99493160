using System.Collections.Immutable;

namespace ListServer.Lists.Notices;

/// <summary>How a reader decides something: with a token, by a link or by mail.</summary>
/// <param name="Token">The token.</param>
/// <param name="Link">The page that shows what it does and asks; empty where there are no pages.</param>
/// <param name="Address">Where a mail does it; empty for a list whose name leaves no room for the token.</param>
public sealed record HeldChoice(string Token, string Link, string Address)
{
    /// <summary>None.</summary>
    public static readonly HeldChoice None = new("", "", "");

    internal Dictionary<string, object> Values() => new() { ["token"] = Token, ["link"] = Link, ["address"] = Address };
}

/// <summary>A held post as those who run the list are told of it.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="Author">The address in From; empty when there is no single one.</param>
/// <param name="Subject">Decoded; may be empty.</param>
/// <param name="At">When it came.</param>
/// <param name="Reason">Why it is held.</param>
/// <param name="Lines">The first lines of its text.</param>
public sealed record HeldFacts(string Id, string Author, string Subject, DateTimeOffset At, string Reason, ImmutableArray<string> Lines)
{
    /// <summary>How long a token for it is good.</summary>
    public static readonly TimeSpan ChoiceLifetime = TimeSpan.FromDays(14);

    /// <summary>The author's domain, where its policy is strict and SPF alone vouches for it; else empty.</summary>
    public string SpfOnlyDomain { get; init; } = "";

    /// <summary>Lets it go to the list.</summary>
    public HeldChoice Accept { get; init; } = HeldChoice.None;

    /// <summary>Refuses it.</summary>
    public HeldChoice Reject { get; init; } = HeldChoice.None;

    /// <summary>Drops it.</summary>
    public HeldChoice Discard { get; init; } = HeldChoice.None;

    internal Dictionary<string, object> Values() => new()
    {
        ["id"] = Id,
        ["author"] = Clean.Line(Author),
        ["subject"] = Clean.Line(Subject),
        ["at"] = NoticeFacts.Time(At),
        ["reason"] = Clean.Line(Reason),
        ["spf_only_domain"] = Clean.Line(SpfOnlyDomain),
        ["lines"] = Lines.Select(Clean.Line).ToArray(),
        ["accept"] = Accept.Values(),
        ["reject"] = Reject.Values(),
        ["discard"] = Discard.Values(),
    };
}
