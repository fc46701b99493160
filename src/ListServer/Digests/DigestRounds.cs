using System.Collections.Immutable;
using ListServer.Configuration;
using ListServer.Correspondence;
using ListServer.Distribution;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Digests;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging;

namespace ListServer.Digests;

/// <summary>Makes digests when enough has gathered or the first post has waited long enough, and summaries once a day. A digest is queued and its posts ticked off in one commit.</summary>
internal sealed partial class DigestRounds(
    ListStore store, SigningKeys keys, HouseKitchen kitchen, NoticeTemplates templates, ServerOptions options, TimeProvider time, ILogger<DigestRounds> log)
{
    // More make the next issue: a digest is to be opened on a phone.
    private const int MostPosts = 100;
    private const long MostOctets = 8 << 20;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(5);

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(
        store, time, changes => changes.Any(change => change is DigestDue or ListSaved), GoAsync, cancellationToken);

    // Answers how long nothing is due.
    private async Task<TimeSpan> GoAsync(CancellationToken cancellationToken)
    {
        var next = TimeSpan.MaxValue;
        foreach (var waiting in store.DigestPosts().GroupBy(post => post.List).ToList())
        {
            TimeSpan pause;
            try
            {
                pause = store.FindList(waiting.Key) is { } list ? await GoAsync(list, [.. waiting], cancellationToken) : TimeSpan.MaxValue;
            }
#pragma warning disable CA1031 // The outermost loop of digests: what is wrong with one list must not keep back the others (SEC-31). Its posts wait, and are tried again.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(log, waiting.Key, failure);
                pause = RetryPause;
            }

            next = pause < next ? pause : next;
        }

        return next;
    }

    private async Task<TimeSpan> GoAsync(MailingList list, List<DigestPost> waiting, CancellationToken cancellationToken)
    {
        if (keys.Find(list.Domain, out var problem) is not { } identity)
        {
            LogWaits(log, list.Address, problem);
            return RetryPause;
        }

        var digest = await GoAsync(list, [.. waiting.Where(post => post.ForDigest)], isSummary: false, identity, cancellationToken);
        var summary = await GoAsync(list, [.. waiting.Where(post => post.ForSummary)], isSummary: true, identity, cancellationToken);
        return digest < summary ? digest : summary;
    }

    private async Task<TimeSpan> GoAsync(MailingList list, List<DigestPost> waiting, bool isSummary, SigningIdentity identity, CancellationToken cancellationToken)
    {
        while (waiting.Count > 0)
        {
            var due = waiting.Min(post => post.QueuedAt) + (isSummary ? DigestSchedule.SummaryPeriod : DigestSchedule.PeriodOf(list));
            var now = time.GetUtcNow();
            if (now < due && (isSummary || !DigestSchedule.IsFull(list, waiting.Sum(post => post.Size))))
            {
                return due - now;
            }

            var octets = 0L;
            var issue = waiting.Take(MostPosts).TakeWhile((post, index) => (octets += post.Size) <= MostOctets || index == 0).ToList();
            await IssueAsync(list, issue, isSummary, identity, cancellationToken);
            waiting.RemoveRange(0, issue.Count);
        }

        return TimeSpan.MaxValue;
    }

    private async Task IssueAsync(MailingList list, List<DigestPost> posts, bool isSummary, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var readers = store.DigestReaders(list.Address).Where(member => member.Delivery is DeliveryMode.DailySummary == isSummary).ToLookup(member => member.Delivery);
        var number = isSummary || readers.Count == 0 ? null : DigestNumber.Next(store.LastDigest(list.Address), list.DigestVolume, now);
        var issued = new DigestIssued(list.Address, [.. posts.Select(post => post.PostId)], isSummary, number);
        if (readers.Count == 0)
        {
            // Who wanted it has left, or reads each post again.
            await store.CommitAsync(issued, cancellationToken);
            return;
        }

        ImmutableArray<DigestTopic> topics = [.. posts.Select(post => Topic(list, post)).OfType<DigestTopic>()];
        var facts = new NoticeFacts(list, list.Address) { Topics = topics, Volume = number?.Volume ?? 0, Issue = number?.Issue ?? 0 };
        var words = templates.Render(isSummary ? NoticeKind.Summary : NoticeKind.Digest, facts);
        await QueueAsync(list, readers, new DigestMail(list, words, topics, OrderedId.New(time), now), issued, identity, cancellationToken);
        LogIssued(log, list.Address, posts.Count, readers.Sum(group => group.Count()));
    }

    private async Task QueueAsync(
        MailingList list, ILookup<DeliveryMode, Member> readers, DigestMail mail, DigestIssued issued, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var changes = new List<Change> { issued };
        var stored = new List<string>();
        try
        {
            foreach (var form in readers)
            {
                var octets = form.Key switch
                {
                    DeliveryMode.MimeDigest => mail.ToMime(),
                    DeliveryMode.PlainDigest => mail.ToPlain(),
                    _ => mail.ToSummary(),
                };
                var copyId = OrderedId.New(time);
                await store.Spool.StoreAsync(copyId, OutgoingMail.Sign(octets, identity, time), cancellationToken);
                stored.Add(copyId);
                changes.Add(new MailQueued(Groups(list, copyId, form)));
            }

            await store.CommitAsync(changes, cancellationToken);
        }
        catch
        {
            stored.ForEach(store.Spool.Remove);
            throw;
        }
    }

    private ImmutableArray<QueueGroup> Groups(MailingList list, string copyId, IEnumerable<Member> readers)
    {
        var now = time.GetUtcNow();
        var mark = Distributor.MarkOf(list) is null ? null : Distributor.VerpMark;
        return
        [
            .. from member in readers
               group new QueueRecipient(member.Address, mark) by MemberAddress.DomainOf(member.Address) into destination
               from part in destination.Chunk(QueueGroup.MaxRecipients)
               select new QueueGroup(
                   OrderedId.New(time), copyId, list.Address, destination.Key, copyId, list.RoleAddress("bounces"), [.. part], now, now + options.Outbound.Expiry),
        ];
    }

    private DigestTopic? Topic(MailingList list, DigestPost waiting)
    {
        if (store.FindPost(waiting.PostId) is not { } post || !store.Spool.Contains(post.Id))
        {
            // Only after damage to the data folder: there is nothing left to put in.
            LogMissing(log, waiting.PostId);
            return null;
        }

        using var content = store.Spool.Open(post.Id);
        return DigestTopic.Of(kitchen.Keep(list, post, RawMessage.Parse(content.Octets), isSevenBit: true), post.ReceivedAt);
    }

    [LoggerMessage(1, LogLevel.Information, "A digest of {List} with {Posts} posts goes to {Readers} members")]
    private static partial void LogIssued(ILogger logger, string list, int posts, int readers);

    [LoggerMessage(2, LogLevel.Warning, "The digest of {List} waits: {Problem}")]
    private static partial void LogWaits(ILogger logger, string list, string problem);

    [LoggerMessage(3, LogLevel.Error, "The digest of {List} could not be made; it is tried again")]
    private static partial void LogFailed(ILogger logger, string list, Exception failure);

    [LoggerMessage(4, LogLevel.Error, "The octets of post {PostId} are gone before its digest was made")]
    private static partial void LogMissing(ILogger logger, string postId);
}
