using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ListServer.Lists.Bounces;
using ListServer.Lists.Consents;

namespace ListServer.Store.Tables;

/// <summary>
/// The names under which records stand in the one ordered table: a letter for the kind, then what tells records apart,
/// parts separated by a control character that no address or name holds.
/// </summary>
internal static class TableKey
{
    public const char DomainKind = 'd';
    public const char ListKind = 'l';
    public const char AccountKind = 'a';
    public const char MemberKind = 'm';
    public const char OpenPostKind = 'o';
    public const char SerialKind = 's';
    public const char GroupStateKind = 'g';
    public const char IncidentKind = 'x';
    public const char AnnouncementKind = 'e';
    public const char UnarchivedKind = 'A';
    public const char OctetsKind = 'O';
    public const char DigestPostKind = 'D';
    public const char BanKind = 'B';
    public const string Posts = "p";
    public const string Confirmations = "c";
    public const string MessageIds = "i";
    public const string AllBounceScores = "b";
    public const string StsPolicies = "w";
    public const string AllSuspensions = "u";
    public const string AllMemberNews = "v";
    public const string AllTlsTallies = "r";
    public const string Users = "U";
    public const string Sessions = "S";
    public const string SignInLinks = "L";
    public const string AuditEntries = "H";
    public const string AllJoinRequests = "J";
    public const string OwedNotices = "N";
    public const string DmarcConsents = "C";
    public const string FormerDmarcConsents = "X";
    public const string AllPasskeys = "P";
    public const string AllReceivedTallies = "Vt";
    public const string AllReceivedRows = "Vn";
    public const string ReportOutcomes = "Vs";
    public const string AllDomainFacts = "Vd";
    public const string ApiTokens = "T";
    public const string Repeats = "I";
    public const string AllReports = "M";
    public const string AllReportSources = "Q";
    public const string AllReportedTls = "R";
    public const string Jobs = "Wj";
    public const string AllWebhooks = "Wh";
    public const char WebhookEventKind = 'E';

    private const char Separator = '\u0001';

    /// <summary>No domain has an empty name, so that they stand apart from <see cref="AllReportedTls"/> of any.</summary>
    private static readonly string SourceBooks = AllReportedTls + Separator;

    public static string Domain(string name) => DomainKind + Fold(name);

    public static string DomainKeys(string domain) => "K" + Fold(domain) + Separator;

    public static string DomainKey(string domain, string selector) => DomainKeys(domain) + Fold(selector);

    public static string List(string address) => ListKind + Fold(address);

    public static string Account(string name) => AccountKind + Fold(name);

    public static string Members(string list) => MemberKind + Fold(list) + Separator;

    public static string Member(string list, string address) => Members(list) + Fold(address);

    /// <summary>The list of a member's or a ban's key.</summary>
    public static string ListOf(string key) => key[1..key.IndexOf(Separator, StringComparison.Ordinal)];

    public static string BounceScores(string list) => AllBounceScores + Fold(list) + Separator;

    public static string BounceScore(string list, string address) => BounceScores(list) + Fold(address);

    public static string Incidents(string list) => IncidentKind + Fold(list) + Separator;

    public static string Incident(string list, string id) => Incidents(list) + id;

    public static string Suspensions(string list) => AllSuspensions + Fold(list) + Separator;

    public static string Suspension(string list, string address) => Suspensions(list) + Fold(address);

    public static string MemberNews(string list) => AllMemberNews + Fold(list) + Separator;

    public static string MemberNews(string list, string address, MemberEvent what) => MemberNews(list) + Fold(address) + Separator + what;

    public static string OwnersTold(string list) => "f" + Fold(list);

    public static string Consents(string list, string address) => "k" + Fold(list) + Separator + Fold(address) + Separator;

    public static string Consent(string list, string address, DateTimeOffset withdrawnAt) =>
        Consents(list, address) + withdrawnAt.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static string DmarcConsent(string scope, ConsentPurpose purpose) => DmarcConsents + Fold(scope) + Separator + (int)purpose;

    public static string FormerDmarcConsent(DmarcConsent former) =>
        FormerDmarcConsents + Fold(former.Scope) + Separator + (int)former.Purpose + Separator + former.GivenAt.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static string AuthorRules(string list) => "j" + Fold(list) + Separator;

    public static string AuthorRule(string list, string address) => AuthorRules(list) + Fold(address);

    public static string JoinRequests(string list) => AllJoinRequests + Fold(list) + Separator;

    public static string JoinRequest(string list, string address) => JoinRequests(list) + Fold(address);

    public static string Bans(string list) => BanKind + Fold(list) + Separator;

    public static string Ban(string list, string pattern) => Bans(list) + Fold(pattern);

    public static string Templates(string scope) => "G" + Fold(scope) + Separator;

    public static string Template(string scope, string language, string name) => Templates(scope) + language + Separator + name;

    public static string OwedNotice(string id) => OwedNotices + id;

    public static string MemberCount(string list) => "n" + Fold(list);

    public static string Post(string id) => Posts + id;

    public static string PostsOfList(string list) => "h" + Fold(list) + Separator;

    public static string PostOfList(string list, string id) => PostsOfList(list) + id;

    public static string OpenPost(string id) => OpenPostKind + id;

    public static string Traces(string post) => "t" + post + Separator;

    public static string Trace(string post, long sequence, int position) =>
        Traces(post) + sequence.ToString("D19", CultureInfo.InvariantCulture) + position.ToString("D6", CultureInfo.InvariantCulture);

    public static string Tally(string post) => "y" + post;

    public static string Octets(string id) => OctetsKind + id;

    public static string Undo(string post) => "z" + post;

    public static string Announcement(string postId) => AnnouncementKind + postId;

    public static string AnnouncementDrafts(string list) => "Fa" + Fold(list) + Separator;

    public static string AnnouncementDraft(string list, string by) => AnnouncementDrafts(list) + Fold(by);

    public static string Unarchived(string postId) => UnarchivedKind + postId;

    public static string DigestPosts(string list) => DigestPostKind + Fold(list) + Separator;

    public static string DigestPost(string list, string postId) => DigestPosts(list) + postId;

    /// <summary>The post of a digest post's key.</summary>
    public static string PostOfDigest(string key) => key[(key.IndexOf(Separator, StringComparison.Ordinal) + 1)..];

    public static string LastDigest(string list) => "Z" + Fold(list);

    public static string Serial(string list) => SerialKind + Fold(list);

    public static string StsPolicy(string domain) => StsPolicies + Fold(domain);

    public static string TlsTallies(DateOnly day) => AllTlsTallies + Day(day) + Separator;

    public static string TlsTally(DateOnly day, string domain, TlsPolicyKind kind) => TlsTallies(day) + Fold(domain) + Separator + (int)kind;

    public static string ReceivedTallies(string receiver) => AllReceivedTallies + Fold(receiver) + Separator;

    public static string ReceivedTallies(string receiver, DateOnly day, string policyDomain) => ReceivedTallies(receiver) + Day(day) + Separator + Fold(policyDomain) + Separator;

    public static string ReceivedTally(ReceivedTally tally) => ReceivedTallies(tally.Receiver, tally.Day, tally.PolicyDomain) + tally.Row.Hash();

    /// <summary>The report of a tally's key.</summary>
    public static DueReport ReportOf(string key) =>
        key[AllReceivedTallies.Length..].Split(Separator) is [var receiver, var day, var policyDomain, ..]
            ? new DueReport(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), receiver, policyDomain)
            : throw new InvalidOperationException($"{key} is no tally's key.");

    public static string ReceivedRows(string receiver, DateOnly day, string policyDomain = "") => AllReceivedRows + Fold(receiver) + Separator + Day(day) + Separator + Fold(policyDomain);

    public static string ReportOutcome(DueReport report) => ReportOutcomes + Day(report.Day) + Separator + Fold(report.Receiver) + Separator + Fold(report.PolicyDomain);

    public static string DomainFacts(string domain) => AllDomainFacts + Fold(domain);

    public static string Reports(string domain) => AllReports + Fold(domain) + Separator;

    public static string Report(string domain, DateTimeOffset begin, string id) => Reports(domain) + begin.UtcTicks.ToString("D19", CultureInfo.InvariantCulture) + id;

    public static string ReportSources(string domain) => AllReportSources + Fold(domain) + Separator;

    public static string ReportSource(string domain, string source) => ReportSources(domain) + source;

    public static string SourceBook(string domain) => SourceBooks + Fold(domain);

    public static bool IsSourceBook(string key) => key.StartsWith(SourceBooks, StringComparison.Ordinal);

    public static string ReportedTls(string domain) => AllReportedTls + Fold(domain) + Separator;

    public static string ReportedTls(string domain, DateOnly day, TlsPolicyKind kind) =>
        ReportedTls(domain) + Day(day) + (int)kind;

    public static string Group(string id) => "q" + id;

    public static string GroupState(string id) => GroupStateKind + id;

    public static string Confirmation(string tokenHash) => Confirmations + tokenHash;

    public static string User(string address) => Users + Fold(address);

    public static string Session(string hash) => Sessions + hash;

    public static string Passkeys(string handle) => AllPasskeys + handle + Separator;

    public static string Passkey(string handle, string id) => Passkeys(handle) + id;

    public static string Password(string address) => "Y" + Fold(address);

    public static string SignInLink(string hash) => SignInLinks + hash;

    public static string ApiToken(string hash) => ApiTokens + hash;

    public static string Webhooks(string list) => AllWebhooks + Fold(list);

    public static string WebhookEvents(string hook) => WebhookEventKind + hook + Separator;

    public static string WebhookEvent(string hook, string id) => WebhookEvents(hook) + id;

    /// <summary>The webhook and the event of a <see cref="WebhookEvent"/>.</summary>
    public static (string Hook, string Event) PartsOfWebhookEvent(string key) =>
        key.IndexOf(Separator, StringComparison.Ordinal) is var end ? (key[1..end], key[(end + 1)..]) : default;

    public static string Job(string id) => Jobs + id;

    public static string Repeat(string name) => Repeats + name;

    public static string Audit(string id) => AuditEntries + id;

    /// <remarks>Hashed: a Message-ID may be longer than a key can be.</remarks>
    public static string MessageId(string list, string messageId) =>
        MessageIds + Fold(list) + Separator + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 16));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Names and addresses are the same whatever their case.</summary>
    public static string Fold(string text) => text.ToLowerInvariant();
}
