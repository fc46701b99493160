using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists.Bounces;
using ListServer.Lists.Digests;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Notices;

/// <summary>What became of one command: words that templates know and put into their language.</summary>
public enum CommandResult
{
    /// <summary>The general help.</summary>
    Help,

    /// <summary>What the list is about.</summary>
    Info,

    /// <summary>A question went to the address.</summary>
    Asked,

    /// <summary>No question went out: there were enough for today.</summary>
    AskedEnough,

    /// <summary>The address became a member.</summary>
    Joined,

    /// <summary>The address was a member before.</summary>
    AlreadyMember,

    /// <summary>The address is no longer a member.</summary>
    Left,

    /// <summary>The address was no member.</summary>
    NotMember,

    /// <summary>A moderator has to agree; they were told.</summary>
    Waits,

    /// <summary>The address may not join.</summary>
    Banned,

    /// <summary>The list takes new members by invitation only.</summary>
    Closed,

    /// <summary>The token is not known, was used, or is too old.</summary>
    BadToken,

    /// <summary>Somebody who waited for it is a member now.</summary>
    JoinAccepted,

    /// <summary>Somebody who waited for it does not become a member.</summary>
    JoinRefused,

    /// <summary>Somebody who waited to join is banned.</summary>
    JoinBanned,

    /// <summary>Somebody had decided about who wants to join before.</summary>
    JoinDecidedBefore,

    /// <summary>A held post was accepted.</summary>
    Accepted,

    /// <summary>A held post was rejected.</summary>
    Rejected,

    /// <summary>A held post was discarded.</summary>
    Discarded,

    /// <summary>Somebody had decided about the held post before.</summary>
    DecidedBefore,

    /// <summary>How the author receives the list.</summary>
    Preferences,

    /// <summary>What was asked about is done: the address receives the list otherwise.</summary>
    Changed,

    /// <summary>One address has agreed to a move, and the other has yet to.</summary>
    OtherAsked,

    /// <summary>It can't be understood how the author wants to receive the list.</summary>
    BadSetting,

    /// <summary>The members.</summary>
    Roster,

    /// <summary>The members are not told to the author.</summary>
    RosterClosed,

    /// <summary>The lists there are.</summary>
    Lists,

    /// <summary>The lists that the author is on.</summary>
    Which,

    /// <summary>What the archive has.</summary>
    Index,

    /// <summary>Messages of the archive, which are in the same mail.</summary>
    Messages,

    /// <summary>The archive is not shown to the author, or there is none.</summary>
    ArchiveClosed,

    /// <summary>Not a command.</summary>
    Unknown,
}

/// <summary>A command with what became of it.</summary>
/// <param name="Text">The command as its author wrote it.</param>
/// <param name="Result">What became of it.</param>
public sealed record CommandOutcome(string Text, CommandResult Result)
{
    /// <summary>What was asked for: members, lists.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];
}

/// <summary>What a notice is about: the values that its template may use.</summary>
/// <param name="List">The list that speaks.</param>
/// <param name="Address">Whom it speaks to.</param>
public sealed record NoticeFacts(MailingList List, string Address)
{
    /// <summary>So many of a kind are named in a notice; of more, only how many.</summary>
    private const int Named = 20;

    /// <summary>The token that an answer must bring; empty where no answer is asked for.</summary>
    public string Token { get; init; } = "";

    /// <summary>A link to open; empty where there is none.</summary>
    public string Link { get; init; } = "";

    /// <summary>The post in question; empty where there is none.</summary>
    public string PostId { get; init; } = "";

    /// <summary>The subject of the post in question; empty where there is none.</summary>
    public string PostSubject { get; init; } = "";

    /// <summary>A person's reason, or ours; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The author's domain, where its policy is strict and SPF alone vouches for it; else empty.</summary>
    public string SpfOnlyDomain { get; init; } = "";

    /// <summary>The DMARC policy to come, quarantine or reject; else empty.</summary>
    public string Policy { get; init; } = "";

    /// <summary>The address that it is about, where that is somebody else's than the reader's; or empty.</summary>
    public string About { get; init; } = "";

    /// <summary>What became of the commands.</summary>
    public ImmutableArray<CommandOutcome> Results { get; init; } = [];

    /// <summary>Messages that go with it, in ASCII.</summary>
    public ImmutableArray<byte[]> Attached { get; init; } = [];

    /// <summary>The reader's subscription; null where it is of no interest.</summary>
    public Member? Member { get; init; }

    /// <summary>True when the mail held more than is read.</summary>
    public bool IsCut { get; init; }

    /// <summary>What providers refuse.</summary>
    public ImmutableArray<Incident> Incidents { get; init; } = [];

    /// <summary>What happened to members.</summary>
    public ImmutableArray<MemberNews> Members { get; init; } = [];

    /// <summary>Posts that wait for those who run the list.</summary>
    public ImmutableArray<HeldFacts> Held { get; init; } = [];

    /// <summary>How many more wait than are named.</summary>
    public int MoreHeld { get; init; }

    /// <summary>Somebody who wants to join, with what those who run the list can decide.</summary>
    public JoinFacts Join { get; init; } = JoinFacts.None;

    /// <summary>The posts of a digest or a summary.</summary>
    public ImmutableArray<DigestTopic> Topics { get; init; } = [];

    /// <summary>A digest's volume; 0 for all else.</summary>
    public int Volume { get; init; }

    /// <summary>A digest's issue; 0 for all else.</summary>
    public int Issue { get; init; }

    /// <summary>The reader's own suspension, before the probe that this notice is; null for all others.</summary>
    public Suspension? Suspension { get; init; }

    /// <summary>The values under the names that templates use. Each is there for every notice, empty where it says nothing.</summary>
    internal IReadOnlyDictionary<string, object> Values() => new Dictionary<string, object>
    {
        ["list_name"] = Clean.Line(List.DisplayName),
        ["list_address"] = List.Address,
        ["list_description"] = Clean.Line(List.Description),
        ["posting"] = List.Posting switch
        {
            PostingPolicy.Open => "open",
            PostingPolicy.Members => "members",
            PostingPolicy.Moderated => "moderated",
            _ => "announce-only",
        },
        ["join_address"] = List.RoleAddress("join"),
        ["leave_address"] = List.RoleAddress("leave"),
        ["request_address"] = List.RoleAddress("request"),
        ["owner_address"] = List.RoleAddress("owner"),
        ["address"] = Clean.Line(Address),
        ["token"] = Token,
        ["link"] = Link,
        ["valid_days"] = ((int)ConfirmationToken.Lifetime.TotalDays).ToString(CultureInfo.InvariantCulture),
        ["post_id"] = PostId,
        ["post_subject"] = Clean.Line(PostSubject),
        ["about"] = Clean.Line(About),
        ["reason"] = Clean.Text(Reason),
        ["domain"] = List.Domain,
        ["policy"] = Policy,
        ["spf_only_domain"] = Clean.Line(SpfOnlyDomain),
        ["results"] = Results.Select(o => new Dictionary<string, object>
        {
            ["text"] = Clean.Line(o.Text),
            ["result"] = o.Result.ToString(),
            ["lines"] = o.Lines.Select(Clean.Line).ToArray(),
        }).ToArray(),
        ["delivery"] = Member switch
        {
            null => "",
            { SuspendedAt: not null } => "suspended",
            { IsReceiving: false } => "no-mail",
            { PausedUntil: not null } => "paused",
            { Delivery: DeliveryMode.MimeDigest } => "mime-digest",
            { Delivery: DeliveryMode.PlainDigest } => "plain-digest",
            { Delivery: DeliveryMode.DailySummary } => "daily-summary",
            _ => "regular",
        },
        ["paused_until"] = Member?.PausedUntil is { } until ? Time(until) : "",
        ["own_copies"] = Member?.OwnCopies ?? true,
        ["avoids_duplicates"] = Member?.AvoidsDuplicates ?? false,
        ["is_cut"] = IsCut,
        ["incidents"] = Incidents.Take(Named).Select(i => new Dictionary<string, object>
        {
            ["id"] = i.Id,
            ["destination"] = Clean.Line(i.Destination),
            ["cause"] = i.Cause.ToString(),
            ["author_domain"] = Clean.Line(i.AuthorDomain),
            ["count"] = i.Count,
            ["first"] = Time(i.FirstAt),
            ["last"] = Time(i.LastAt),
            ["words"] = Clean.Line(i.Words),
            ["advice"] = Clean.Text(IncidentAdvice.Of(i, List.Language)),
        }).ToArray(),
        ["more_incidents"] = Math.Max(0, Incidents.Length - Named),
        ["held"] = Held.Select(post => post.Values()).ToArray(),
        ["held_author"] = Held is [var first, ..] ? Clean.Line(first.Author) : "",
        ["held_by"] = Held switch { [{ Accept.Link.Length: > 0 }, ..] => "link", [{ Accept.Address.Length: > 0 }, ..] => "mail", _ => "subject" },
        ["more_held"] = MoreHeld,
        ["join"] = Join.Values(),
        ["choice_days"] = (int)HeldFacts.ChoiceLifetime.TotalDays,
        ["held_days"] = List.MaxHeldDays,
        ["suspended"] = Told(MemberEvent.Suspended),
        ["more_suspended"] = More(MemberEvent.Suspended),
        ["removed"] = Told(MemberEvent.Removed),
        ["more_removed"] = More(MemberEvent.Removed),
        ["complained"] = Told(MemberEvent.Complained),
        ["more_complained"] = More(MemberEvent.Complained),
        ["topics"] = Topics.Select((topic, index) => new Dictionary<string, object>
        {
            ["number"] = index + 1,
            ["subject"] = topic.Subject,
            ["author"] = topic.Author,
            ["date"] = Time(topic.Date),
            ["link"] = topic.Link,
        }).ToArray(),
        ["volume"] = Volume,
        ["issue"] = Issue,
        ["removes_unreachable"] = List.RemoveUnreachable,
        ["suspended_on"] = Suspension is null ? "" : Suspension.At.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["words"] = Clean.Line(Suspension?.Words ?? ""),
        ["is_last_probe"] = Suspension?.Probes + 1 >= Bounces.Suspension.MostProbes,
        ["probe_days"] = (int)Bounces.Suspension.Interval.TotalDays,
        ["most_probes"] = Bounces.Suspension.MostProbes,
    };

    private Dictionary<string, object>[] Told(MemberEvent what) => [.. Members.Where(m => m.Event == what).Take(Named).Select(m => new Dictionary<string, object>
    {
        ["address"] = Clean.Line(m.Address),
        ["words"] = Clean.Line(m.Words),
    })];

    private int More(MemberEvent what) => Math.Max(0, Members.Count(m => m.Event == what) - Named);

    internal static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
