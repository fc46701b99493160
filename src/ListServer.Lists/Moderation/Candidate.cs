using System.Text;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;

namespace ListServer.Lists.Moderation;

/// <summary>A message on its way to a list, and all that the rules may ask about it.</summary>
public sealed record Candidate
{
    /// <summary>The list it was sent to.</summary>
    public required MailingList List { get; init; }

    /// <summary>How it came.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>What was found on the raw octets.</summary>
    public required AuthenticationReport Report { get; init; }

    /// <summary>The message.</summary>
    public required RawMessage Message { get; init; }

    /// <summary>The subscription of <c>Report.Author.Address</c> to the list, or null. That the author is really who it says is another question.</summary>
    public required Member? Author { get; init; }

    /// <summary>What was decided about this author's posts, or null for nothing.</summary>
    public AuthorRule? AuthorRule { get; init; }

    /// <summary>How many posts of this author the list took in the last 24 hours, counted up to a number; none unless the caller knows.</summary>
    public Func<int, int> PostsOfAuthor { get; init; } = _ => 0;

    /// <summary>What stops the author's address, or null for nothing.</summary>
    public Ban? Ban { get; init; }

    /// <summary>Whom the operator trusts.</summary>
    public required OperatorTrust Trust { get; init; }

    /// <summary>True where a consent to filtering stands (AUTH-84): without it nothing is refused for its domain's policy, but held.</summary>
    public bool MayFilter { get; init; }

    /// <summary>Who approved it, or null. What a moderator approved is not held again.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>What verification says about the author. Only for a valid author.</summary>
    internal AuthorStanding Standing => AuthorStanding.Of(Report, Envelope, Trust.For(List));

    /// <summary>
    /// True when a moderator or an owner really wrote it, and to this list (AUTH-95): whoever got another mail of theirs could bring it here (AUTH-94).
    /// </summary>
    internal bool IsFromModerator => HasModeratorsAddress && Standing.MayAct && (Envelope.Account is not null || IsAddressedToList);

    /// <summary>True when it needs nobody's approval on a list where others do: a moderator's own, or of an author whom one trusted and whom DKIM or an account proves.</summary>
    internal bool MayPostUnread => IsFromModerator || (IsTrusted && Standing.MayAct && (Envelope.Account is not null || IsAddressedToList));

    private bool IsAddressedToList => Message.Fields.Any(
        f => (f.Is("To") || f.Is("Cc")) && Encoding.Latin1.GetString(f.RawValue.Span).Contains(List.Address, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when a moderator once decided that this author's posts need no moderator.</summary>
    internal bool IsTrusted => AuthorRule?.Action is AuthorAction.Accept;

    /// <summary>True when it says that a moderator or an owner wrote it.</summary>
    internal bool HasModeratorsAddress => Author is { Role: MemberRole.Moderator or MemberRole.Owner };
}
