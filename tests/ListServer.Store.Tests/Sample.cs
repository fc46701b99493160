using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Store.Tests;

/// <summary>Records to keep.</summary>
internal static class Sample
{
    public const string List = "talk@lists.example";

    public static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static long _made;

    public static string NewId() => OrderedId.New(TimeProvider.System);

    public static MailingList NewList(string localPart = "talk") =>
        new() { LocalPart = localPart, Domain = "lists.example", DisplayName = "話 Talk", SubjectPrefix = "[talk %d]", Footer = "-- \nfooter" };

    public static Member NewMember(string address, string list = List, bool isReceiving = true) =>
        new(list, address, "", MemberRole.Member, Start, "import members.csv", isReceiving);

    public static MembersSaved NewMembers(int from, int count, string list = List) => new(
        list,
        [.. Enumerable.Range(from, count).Select(i => NewMember($"member{i:D6}@d{i % 200:D3}.example", list))]);

    public static Post NewPost(PostState state = PostState.Accepted, string list = List, string? id = null) => new()
    {
        Id = id ?? NewId(),
        List = list,
        ReceivedAt = Start,
        Envelope = new Envelope("192.0.2.1", "mx.author.example", "author@author.example", "ESMTPS", "TLSv1.3 TLS_AES_256_GCM_SHA384"),
        Report = NewReport(),
        AuthenticationResults = "lists.example; dkim=pass header.d=author.example",
        Subject = "Grüße, 世界",
        MessageId = $"<{Interlocked.Increment(ref _made)}@author.example>",
        Size = 1234,
        State = state,
        Reason = state == PostState.Held ? "not a member" : "",
    };

    public static AuthenticationReport NewReport() => new(
        new AuthorResult("author@author.example", "author.example", "Ä \"quoted\"", null),
        new SpfResult(SpfVerdict.SoftFail, "author.example", "matched ~all", "see https://author.example/"),
        new SpfResult(SpfVerdict.None, "", "no record"),
        [
            new DkimResult(DkimVerdict.Pass, "author.example", "s1", "@author.example", "rsa-sha256", "verified", true, "v=DKIM1; p=MIIB"),
            new DkimResult(DkimVerdict.Fail, "other.example", "s2", "@other.example", "ed25519-sha256", "body hash", false),
        ],
        new ArcResult(ArcVerdict.Pass, 2, 0, ["one.example", "two.example"], false, "chain validates", "one.example; spf=pass"),
        new DmarcResult(DmarcVerdict.Pass, "author.example", "author.example", "author.example", DmarcPolicy.Reject, DmarcPolicy.None, false, false, true, "dkim aligned"));

    public static QueueGroup NewGroup(Post post, string copyId, string destination, int recipients, DateTimeOffset? at = null) => new(
        NewId(),
        post.Id,
        post.List,
        destination,
        copyId,
        "talk-bounces@lists.example",
        [.. Enumerable.Range(0, recipients).Select(i => new QueueRecipient($"r{i}@{destination}"))],
        at ?? Start,
        (at ?? Start) + QueueGroup.Lifetime);

    public static ImmutableArray<RecipientOutcome> All(int count, RecipientState state) =>
        [.. Enumerable.Range(0, count).Select(i => new RecipientOutcome(i, state))];

    /// <summary>Keeps octets, one half in files, the other in the commit: what the commit has to hold for them.</summary>
    public static async Task<Change[]> KeepAsync(ListStore store, string id, byte[] octets)
    {
        if (Random.Shared.Next(2) == 0)
        {
            return [new OctetsKept(id, octets)];
        }

        await store.Spool.StoreAsync(id, octets, CancellationToken.None);
        return [];
    }
}
