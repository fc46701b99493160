using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Lists.Bounces;
using ListServer.Lists.Cooking;
using ListServer.Lists.Digests;
using ListServer.Lists.Membership;
using ListServer.Lists.Moderation;
using ListServer.Lists.Publishing;
using ListServer.Lists.Reports;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>All domains, by name.</summary>
    public IReadOnlyList<MailDomain> Domains => [.. _projections.Catalog.Domains.Values];

    /// <summary>All lists, by address.</summary>
    public IReadOnlyList<MailingList> Lists => [.. _projections.Catalog.Lists.Values];

    /// <summary>All accounts, by name.</summary>
    public IReadOnlyList<Account> Accounts => [.. _projections.Catalog.Accounts.Values];

    /// <summary>The domain of that name, or null.</summary>
    public MailDomain? FindDomain(string name) => _projections.Catalog.Domains.GetValueOrDefault(name);

    /// <summary>How far a domain's key has come; null for one that nobody has followed yet.</summary>
    public DomainKey? FindKey(string domain, string selector) => Find<DomainKey>(TableKey.DomainKey(domain, selector));

    /// <summary>How far a domain's keys have come, by selector.</summary>
    public IEnumerable<DomainKey> DomainKeys(string domain) => _table.Walk(KeyRange.Of(TableKey.DomainKeys(domain))).Select(Decode<DomainKey>).OfType<DomainKey>();

    /// <summary>The list of that posting address or short name (<see cref="ListAddress.ShortNameOf"/>), or null.</summary>
    public MailingList? FindList(string address)
    {
        var catalog = _projections.Catalog;
        return catalog.Lists.GetValueOrDefault(address)
            ?? (catalog.ShortNames.TryGetValue(address, out var full) ? catalog.Lists.GetValueOrDefault(full) : null);
    }

    /// <summary>The account of that name, or null.</summary>
    public Account? FindAccount(string name) => _projections.Catalog.Accounts.GetValueOrDefault(name);

    /// <summary>How often copies to a member came back lately; null when none did, or so long ago that it is forgotten.</summary>
    public BounceScore? FindBounceScore(string list, string address) =>
        Find<BounceScore>(TableKey.BounceScore(list, address)) is { } score && !score.IsStale(_time.GetUtcNow()) ? score : null;

    /// <summary>What is known of a suspended member; null for others.</summary>
    public Suspension? FindSuspension(string list, string address) => Find<Suspension>(TableKey.Suspension(list, address));

    /// <summary>Suspended members, by list and address.</summary>
    /// <param name="list">Of one list, by its posting address, or null for all.</param>
    public IEnumerable<Suspension> Suspensions(string? list) =>
        _table.Walk(KeyRange.Of(list is null ? TableKey.AllSuspensions : TableKey.Suspensions(list))).Select(Decode<Suspension>).OfType<Suspension>();

    /// <summary>What happened to members of which the owners have not been told, by list and address.</summary>
    public IEnumerable<MemberNews> MemberNews() => _table.Walk(KeyRange.Of(TableKey.AllMemberNews)).Select(Decode<MemberNews>).OfType<MemberNews>();

    /// <summary>Open incidents, kept in memory.</summary>
    public IncidentBook OpenIncidents => _projections.Incidents;

    /// <summary>Incidents, open and lately closed, by list and destination.</summary>
    /// <param name="list">Of one list, by its posting address, or null for all.</param>
    public IReadOnlyList<Incident> Incidents(string? list) =>
        [.. Read<Incident>(_table.Walk(KeyRange.Of(list is null ? TableKey.IncidentKind.ToString() : TableKey.Incidents(list))))
            .OrderBy(incident => incident.List, StringComparer.Ordinal).ThenBy(incident => incident.Destination, StringComparer.Ordinal).ThenBy(incident => incident.Cause)];

    /// <summary>When the owners of a list were last told what happened to it; null for never.</summary>
    public DateTimeOffset? OwnersToldAt(string list) => Find<LastNews>(TableKey.OwnersTold(list))?.At;

    /// <summary>The MTA-STS policy of a domain that still holds, or null.</summary>
    public KeptStsPolicy? FindStsPolicy(string domain) =>
        Find<KeptStsPolicy>(TableKey.StsPolicy(domain)) is { } kept && kept.ExpiresAt > _time.GetUtcNow() ? kept : null;

    /// <summary>All MTA-STS policies that still hold, by domain.</summary>
    public IReadOnlyList<KeptStsPolicy> StsPolicies() =>
        [.. Read<KeptStsPolicy>(_table.Walk(KeyRange.Of(TableKey.StsPolicies))).Where(kept => kept.ExpiresAt > _time.GetUtcNow())];

    /// <summary>How TLS fared, by day and domain; the last ten days are kept.</summary>
    /// <param name="day">On one day, or null for all.</param>
    /// <param name="domain">For one domain, or null for all.</param>
    public IReadOnlyList<TlsTally> TlsTallies(DateOnly? day, string? domain) =>
        [.. Read<TlsTally>(_table.Walk(KeyRange.Of(day is { } one ? TableKey.TlsTallies(one) : TableKey.AllTlsTallies)))
            .Where(tally => domain is null || string.Equals(tally.Domain, domain, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Reports that came in, the newest first by what they are about; those of the last <see cref="SourceTally.KeptDays"/> days are kept.</summary>
    /// <param name="domain">Of one domain, or null for all, domain by domain.</param>
    public IEnumerable<ReceivedReport> Reports(string? domain) =>
        Down(domain is null ? TableKey.AllReports : TableKey.Reports(domain), null).Select(Decode<ReceivedReport>).OfType<ReceivedReport>();

    /// <summary>True when this report is there already, and this one says nothing new: a doubted one gives way to one that somebody vouches for.</summary>
    public bool HasReport(ReceivedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.IsKnownBy(Find<ReceivedReport>(TableKey.Report(report.Domain, report.Begin, report.Id)));
    }

    /// <summary>What reports say of a domain's sources, in no useful order.</summary>
    public IReadOnlyList<SourceTally> ReportSources(string domain) => Read<SourceTally>(_table.Walk(KeyRange.Of(TableKey.ReportSources(domain))));

    /// <summary>How TLS to a domain fared, as others report, by day.</summary>
    public IReadOnlyList<TlsTally> ReportedTls(string domain) => Read<TlsTally>(_table.Walk(KeyRange.Of(TableKey.ReportedTls(domain))));

    /// <summary>The subscription of an address to a list, or null.</summary>
    public Member? FindMember(string list, string address) => Find<Member>(TableKey.Member(list, address));

    /// <summary>Members by address, from behind an address on.</summary>
    /// <param name="list">The posting address.</param>
    /// <param name="after">The last address of the page before, or null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<Member> Members(string list, string? after, int limit)
    {
        var all = KeyRange.Of(TableKey.Members(list));
        return Read<Member>(_table.Scan(after is null ? all : all.Behind(TableKey.Member(list, after), descending: false), limit));
    }

    /// <summary>What was decided about an author's posts to a list: about the address, or else about its whole domain; null for nothing.</summary>
    public AuthorRule? FindAuthorRule(string list, string address) =>
        Find<AuthorRule>(TableKey.AuthorRule(list, address)) ?? Find<AuthorRule>(TableKey.AuthorRule(list, AuthorRule.DomainPattern(address)));

    /// <summary>What was decided about authors on a list, by address.</summary>
    public IReadOnlyList<AuthorRule> AuthorRules(string list) => Read<AuthorRule>(_table.Walk(KeyRange.Of(TableKey.AuthorRules(list))));

    /// <summary>How many members a list has, receiving or not.</summary>
    public int CountMembers(string list) => Find<MemberCount>(TableKey.MemberCount(list))?.Count ?? 0;

    /// <summary>All questions that wait for an answer, in no order. Reads them all: for the start.</summary>
    public IReadOnlyList<Confirmation> Confirmations() =>
        [.. _table.Walk(KeyRange.Of(TableKey.Confirmations)).Select(Decode<Confirmation>).OfType<Confirmation>().Where(c => c.ExpiresAt > _time.GetUtcNow())];

    /// <summary>Those who receive the list's posts, by domain, not those who paused; and those who run it. Kept in memory until the members change.</summary>
    public Roster Receivers(string list) => _projections.Rosters.Get(list);

    /// <summary>The post of that identifier, or null.</summary>
    public Post? FindPost(string id) => Find<Post>(TableKey.Post(id));

    /// <summary>Posts, the newest first.</summary>
    /// <param name="list">Of one list, or null for all.</param>
    /// <param name="state">In one state, or null for any.</param>
    /// <param name="before">The identifier of the last post of the page before, or null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<Post> Posts(string? list, PostState? state, string? before, int limit)
    {
        var ids = (list, state) switch
        {
            (_, PostState.Accepted or PostState.Held) => OpenPosts(list, state.Value)
                .Select(p => p.Id)
                .Where(id => before is null || string.CompareOrdinal(id, before) < 0)
                .Reverse(),
            (not null, _) => Down(TableKey.PostsOfList(list), before)
                .Where(e => state is null || e.Read<PostState>() == state)
                .Select(e => e.Key[TableKey.PostsOfList(list).Length..]),
            _ => null,
        };
        return ids is null
            ? [.. Down(TableKey.Posts, before).Select(Decode<Post>).OfType<Post>().Where(p => state is null || p.State == state).Take(limit)]
            : [.. ids.Take(limit).Select(FindPost).OfType<Post>()];
    }

    /// <summary>What happened to a post, in order; empty for an unknown one.</summary>
    public IReadOnlyList<TraceEvent> Trace(string postId) =>
        [.. _table.Walk(KeyRange.Of(TableKey.Traces(postId))).SelectMany(e => Decode<TraceEvent[]>(e) ?? [])];

    /// <summary>The way back from a distributed post's copies to the post; null where none was kept.</summary>
    public UndoSteps? FindUndo(string postId) => Find<UndoSteps>(TableKey.Undo(postId));

    /// <summary>Posts that wait to be archived, oldest first.</summary>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<string> Unarchived(int limit) =>
        [.. _table.Walk(KeyRange.Of(TableKey.UnarchivedKind.ToString())).Take(limit).Select(entry => entry.Key[1..])];

    /// <summary>Posts that wait for a digest or a summary, by list, oldest first.</summary>
    public IEnumerable<DigestPost> DigestPosts() => _table.Walk(KeyRange.Of(TableKey.DigestPostKind.ToString())).Select(Decode<DigestPost>).OfType<DigestPost>();

    /// <summary>Which digest of a list was the last; null for none yet.</summary>
    public DigestNumber? LastDigest(string list) => Find<DigestNumber>(TableKey.LastDigest(list));

    /// <summary>Members who receive digests or summaries just now, by address. Reads all members.</summary>
    public IReadOnlyList<Member> DigestReaders(string list)
    {
        var now = _time.GetUtcNow();
        return [.. _table.Walk(KeyRange.Of(TableKey.Members(list))).Select(Decode<Member>).OfType<Member>().Where(member => member.GetsDigests && !member.IsPaused(now))];
    }

    /// <summary>How a distributed post's recipients stand, or null before.</summary>
    public PostTally? FindTally(string postId) => Find<PostTally>(TableKey.Tally(postId));

    /// <summary>How a post is sent that has a plan; null for all others.</summary>
    public Announcement? FindAnnouncement(string postId) => Find<Announcement>(TableKey.Announcement(postId));

    /// <summary>What somebody writes to a list, or wrote last; null for nothing.</summary>
    public AnnouncementDraft? FindAnnouncementDraft(string list, string by) => Find<AnnouncementDraft>(TableKey.AnnouncementDraft(list, by));

    /// <summary>Announcements, the newest first.</summary>
    /// <param name="list">Of one list, or null for all.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<Announcement> Announcements(string? list, int limit) =>
        [.. Down(TableKey.AnnouncementKind.ToString(), null).Select(Decode<Announcement>).OfType<Announcement>()
            .Where(a => list is null || string.Equals(a.List, list, StringComparison.OrdinalIgnoreCase)).Take(limit)];

    /// <summary>What an address consented to on a list, the newest first; empty when it never did.</summary>
    public IReadOnlyList<Consent> Consents(string list, string address) =>
    [
        .. FindMember(list, address) is { } member ? [Consent.Of(member)] : Array.Empty<Consent>(),
        .. Down(TableKey.Consents(list, address), null).Select(Decode<Consent>).OfType<Consent>(),
    ];

    /// <summary>The question that waits for this token, or null when there is none or its time is over.</summary>
    public Confirmation? FindConfirmation(string tokenHash) =>
        Find<Confirmation>(TableKey.Confirmation(tokenHash)) is { } found && found.ExpiresAt > _time.GetUtcNow() ? found : null;

    /// <summary>The latest post with this Message-ID that came to the list lately (<see cref="StoreOptions.MessageIdMemory"/>), or null.</summary>
    public Post? FindRecentPost(string list, string messageId) =>
        Find<RecentPost>(TableKey.MessageId(list, messageId)) is { } recent && recent.ReceivedAt > _time.GetUtcNow() - _options.MessageIdMemory
            ? FindPost(recent.Id)
            : null;

    /// <summary>A list's posts, the newest first; each is read when it is asked for.</summary>
    public IEnumerable<Post> LatestPosts(string list)
    {
        var prefix = TableKey.PostsOfList(list);
        return Down(prefix, null).Select(entry => FindPost(entry.Key[prefix.Length..])).OfType<Post>();
    }

    /// <summary>All posts that are held, the oldest first.</summary>
    public IEnumerable<OpenPost> HeldPosts() => OpenPosts(null, PostState.Held);

    /// <summary>How many posts wait: to be distributed, or for a moderator.</summary>
    /// <param name="list">Of one list, by its posting address, or null for all.</param>
    /// <param name="state">Accepted or held.</param>
    public int CountOpenPosts(string? list, PostState state) => OpenPosts(list, state).Count();

    private IEnumerable<OpenPost> OpenPosts(string? list, PostState state) => _projections.OpenPosts.Values
        .Where(p => p.State == state && (list is null || string.Equals(p.List, list, StringComparison.OrdinalIgnoreCase)));

    /// <summary>How many posts of each list wait; lists of which none does are missing.</summary>
    /// <param name="state">Accepted or held.</param>
    public IReadOnlyDictionary<string, int> CountOpenPosts(PostState state) => OpenPosts(null, state)
        .GroupBy(p => p.List, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(posts => posts.Key, posts => posts.Count(), StringComparer.OrdinalIgnoreCase);

    private T? Find<T>(string key)
        where T : class => _table.Find(key) is { } entry ? Decode<T>(entry) : null;

    private ImmutableArray<T> Read<T>(IEnumerable<Entry> entries)
        where T : class => [.. entries.Select(Decode<T>).OfType<T>()];

    private IEnumerable<Entry> Down(string prefix, string? before)
    {
        var range = KeyRange.Of(prefix);
        return _table.Walk(before is null ? range : range.Behind(prefix + before, descending: true), descending: true);
    }

    /// <summary>An entry that is not what its key says is set aside, and never blocks the others.</summary>
    private T? Decode<T>(Entry entry)
        where T : class
    {
        try
        {
            return entry.Read<T>();
        }
        catch (JsonException)
        {
            _damage.SetAside("entry-" + entry.Key, entry.Value, $"The database entry {entry.Key} is no {typeof(T).Name}: {Encoding.UTF8.GetString(entry.Value.AsSpan(0, Math.Min(80, entry.Value!.Length)))}");
            return null;
        }
    }
}
