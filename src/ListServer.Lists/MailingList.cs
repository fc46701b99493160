using System.Collections.Immutable;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Digests;
using ListServer.Lists.Filtering;
using ListServer.Lists.Moderation;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists;

/// <summary>Who may post.</summary>
public enum PostingPolicy
{
    /// <summary>Anyone whose address was authenticated.</summary>
    Open,

    /// <summary>Members; others are held.</summary>
    Members,

    /// <summary>Every post is held for a moderator, but those of moderators and owners.</summary>
    Moderated,

    /// <summary>Moderators and owners only; others are refused.</summary>
    AnnounceOnly,
}

/// <summary>When those who run a list hear of posts that wait for them.</summary>
public enum HoldNoticeSetting
{
    /// <summary>At once; when many are held, they are gathered into one mail.</summary>
    AtOnce,

    /// <summary>Once a day, all that are new.</summary>
    Daily,

    /// <summary>Not by mail.</summary>
    Never,
}

/// <summary>Who is told the members of a list.</summary>
public enum RosterAccess
{
    /// <summary>Nobody who asks by mail.</summary>
    Nobody,

    /// <summary>Those who run it.</summary>
    Moderators,

    /// <summary>Its members.</summary>
    Members,

    /// <summary>Anyone.</summary>
    Anyone,
}

/// <summary>How somebody becomes a member who asks for it.</summary>
public enum SubscriptionPolicy
{
    /// <summary>At once where it is certain that the address itself asks; with a confirmation otherwise.</summary>
    Open,

    /// <summary>By answering a question that is sent to the address.</summary>
    Confirm,

    /// <summary>When a moderator agrees; the address is asked before where it is not certain that it asked itself.</summary>
    Moderate,

    /// <summary>By answering the question, and when a moderator agrees then.</summary>
    ConfirmThenModerate,

    /// <summary>By invitation only.</summary>
    Closed,
}

/// <summary>What happens to From when the author's signature does not survive (decision table of mail-authentication.md).</summary>
public enum MitigationSetting
{
    /// <summary>Rewrite From for authors with a strict DMARC policy, leave all others.</summary>
    Auto,

    /// <summary>Rewrite From of every post.</summary>
    Always,

    /// <summary>Put posts of strict authors into a message of the list's own (message/rfc822).</summary>
    Wrap,

    /// <summary>Never touch From: what would break a strict author's signature is left undone.</summary>
    Never,
}

/// <summary>Who answers for what a list advertises (AUTH-82: 特定電子メール法).</summary>
/// <param name="Name">The person's or company's name.</param>
/// <param name="Address">The postal address.</param>
/// <param name="Contact">A mail address, telephone number or URL for questions and complaints.</param>
public sealed record ListSender(string Name, string Address, string Contact);

/// <summary>A list's settings. State that moves with each post (the serial) is kept beside it, not in it.</summary>
public sealed record MailingList
{
    /// <summary>The part before the @, lower-case ASCII.</summary>
    public required string LocalPart { get; init; }

    /// <summary>The part behind the @, lower-case A-labels.</summary>
    public required string Domain { get; init; }

    /// <summary>The posting address.</summary>
    public string Address => $"{LocalPart}@{Domain}";

    /// <summary>The address of what is done for the list beside posting: owner, request, join, leave, bounces.</summary>
    public string RoleAddress(string role) => $"{LocalPart}-{role}@{Domain}";

    /// <summary>The List-Id (RFC 2919), without angle brackets: stable for the list's life.</summary>
    public string ListId => $"{LocalPart}.{Domain}";

    /// <summary>The name people see, in any script; never empty.</summary>
    public required string DisplayName { get; init; }

    /// <summary>One line about the list; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The language of notices: en or ja.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Who may post.</summary>
    public PostingPolicy Posting { get; init; } = PostingPolicy.Members;

    /// <summary>How somebody becomes a member.</summary>
    public SubscriptionPolicy Subscription { get; init; } = SubscriptionPolicy.Confirm;

    /// <summary>Who is told the members.</summary>
    public RosterAccess Roster { get; init; } = RosterAccess.Moderators;

    /// <summary>Whether the list is named to whoever asks which lists there are.</summary>
    public bool IsAdvertised { get; init; } = true;

    /// <summary>Put before the subject; %d and %05d stand for the post's serial number. Empty for none.</summary>
    public string SubjectPrefix { get; init; } = "";

    /// <summary>Where answers go.</summary>
    public ReplyPolicy ReplyTo { get; init; }

    /// <summary>The address of <see cref="ReplyPolicy.Explicit"/>; empty for the other policies.</summary>
    public string ReplyAddress { get; init; } = "";

    /// <summary>Text put before the body, as <see cref="Footer"/>.</summary>
    public string Header { get; init; } = "";

    /// <summary>The header for HTML; empty for none.</summary>
    public string HeaderHtml { get; init; } = "";

    /// <summary>The footer for HTML; empty for none.</summary>
    public string FooterHtml { get; init; } = "";

    /// <summary>The author's octets stay as they are: no prefix, header, footer or Reply-To of the list's, only fields that are added.</summary>
    public bool IsTransparent { get; init; }

    /// <summary>Nothing that leaves names an author.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Text put behind the body, lines separated by LF; a Liquid template where {{ or {% stands in it. Empty for none.</summary>
    public string Footer { get; init; } = "";

    /// <summary>What happens to From.</summary>
    public MitigationSetting Mitigation { get; init; } = MitigationSetting.Auto;

    /// <summary>Posts of authors with a lax policy who were not authenticated are held (row 5 of the decision table).</summary>
    public bool RequireAuthorAuthentication { get; init; } = true;

    /// <summary>Unauthenticated posts of p=reject authors are refused rather than held when SPF failed as well (row 3), and a consent to filtering stands (AUTH-84).</summary>
    public bool RejectForgedStrict { get; init; }

    /// <summary>Authors' domains (lower-case A-labels) that somebody accepted as strict for this list whatever they publish (AUTH-72).</summary>
    public ImmutableArray<string> StrictDomains { get; init; } = [];

    /// <summary>Each member gets a copy of their own, with a one-click List-Unsubscribe and a VERP reverse-path.</summary>
    public bool Personalize { get; init; }

    /// <summary>
    /// Each member's copy has a reverse-path of the member's own, so that what comes back counts, and is otherwise the same for all: one
    /// signature, a transaction for each. Personal copies have it anyway.
    /// </summary>
    public bool Verp { get; init; }

    /// <summary>A suspended member whose last probe came back is removed; false leaves them suspended. Owners and moderators always stay.</summary>
    public bool RemoveUnreachable { get; init; } = true;

    /// <summary>The largest post, in octets; larger ones are held. 0 for the server's own limit.</summary>
    public long MaxPostOctets { get; init; }

    /// <summary>What is held, refused or dropped beside the posting policy.</summary>
    public ModerationSettings Moderation { get; init; } = new();

    /// <summary>Which parts of a post are let through.</summary>
    public ContentFilter Filter { get; init; } = new();

    /// <summary>When owners and moderators are told of held posts.</summary>
    public HoldNoticeSetting HoldNotices { get; init; }

    /// <summary>An authenticated author is told that a post waits for a moderator.</summary>
    public bool TellHeldAuthors { get; init; } = true;

    /// <summary>A held post on which nobody decided for so many days is discarded; 0 for never.</summary>
    public int MaxHeldDays { get; init; }

    /// <summary>Whom every announcement has to show, beside how to leave (AUTH-83); null for a list that does not advertise.</summary>
    public ListSender? Sender { get; init; }

    /// <summary>Whether posts are kept, and who may read them.</summary>
    public ArchiveAccess Archive { get; init; } = ArchiveAccess.Private;

    /// <summary>So many thousand octets (of 1,024) make a digest go before its time; 0 leaves it to the time alone.</summary>
    public int DigestKilobytes { get; init; } = 30;

    /// <summary>How long a post waits for a digest at the most.</summary>
    public DigestPeriod DigestPeriod { get; init; } = DigestPeriod.Daily;

    /// <summary>When a digest's volume is full.</summary>
    public DigestVolume DigestVolume { get; init; } = DigestVolume.Monthly;

    /// <summary>True when the list's own DKIM signature would be aligned with the author's domain (RFC 9989 §4.4).</summary>
    internal bool VouchesFor(DmarcResult dmarc)
    {
        var top = dmarc.OrganizationalDomain ?? dmarc.AuthorDomain;
        return IsWithin(Domain, top) || IsWithin(dmarc.AuthorDomain, Domain);
    }

    private static bool IsWithin(string domain, string top) =>
        top.Length > 0 && (domain.Equals(top, StringComparison.OrdinalIgnoreCase) || domain.EndsWith("." + top, StringComparison.OrdinalIgnoreCase));
}
