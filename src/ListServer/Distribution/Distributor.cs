using System.Collections.Immutable;
using ListServer.Configuration;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.Metrics;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging;

namespace ListServer.Distribution;

/// <summary>
/// Takes accepted posts, oldest first, and makes copies of them: cooked, mitigated, signed, sealed, checked, queued (durable point two).
/// A post that can't be done now, for want of a key or of disk, stays accepted and is tried again; an announcement stays so until its time.
/// </summary>
internal sealed partial class Distributor(
    ListStore store, CopySigner signer, SigningKeys keys, HouseKitchen kitchen, Audience audience, ServerOptions options, TimeProvider time, Instruments instruments, ILogger<Distributor> log)
{
    /// <summary>Marks a recipient whose copy is made as it leaves.</summary>
    public const string PersonalMark = "personal";

    /// <summary>Marks a recipient whose copy is that of all, but for its reverse-path (AUTH-54).</summary>
    public const string VerpMark = "verp";

    private const int MostUnderway = 4;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Dictionary<string, string> _problems = [];
    private DateTimeOffset? _nextStart;

    /// <summary>The mark of a list's recipients: what of a copy is their own; null for nothing.</summary>
    public static string? MarkOf(MailingList list) => list.Personalize ? PersonalMark : list.Verp ? VerpMark : null;

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(store, time, Concerns, DistributeAllAsync, cancellationToken);

    private static bool Concerns(IReadOnlyList<Change> changes) =>
        changes.Any(change => change is PostSaved { Post.State: PostState.Accepted } or DomainSaved or KeySaved or AnnouncementResumed or AnnouncementRescheduled);

    private TimeSpan Pause()
    {
        var retry = _problems.Count > 0 ? RetryPause : LongestPause;
        var untilStart = _nextStart - time.GetUtcNow() ?? retry;
        return untilStart > retry ? retry : untilStart > TimeSpan.Zero ? untilStart : TimeSpan.Zero;
    }

    /// <summary>True for an announcement whose time has not come, or that is held back.</summary>
    private bool MustWait(Post post, out DateTimeOffset? start)
    {
        start = post.IsAnnouncement && store.FindAnnouncement(post.Id) is { } announcement ? announcement.StartsAt : DateTimeOffset.MinValue;
        return !(start <= time.GetUtcNow());
    }

    private bool IsDue(Post post)
    {
        if (!MustWait(post, out var start))
        {
            return true;
        }

        _nextStart = _nextStart < start ? _nextStart : start ?? _nextStart;
        return false;
    }

    private async Task<TimeSpan> DistributeAllAsync(CancellationToken cancellationToken)
    {
        _nextStart = null;
        var underway = new Queue<Task<(Post Post, string? Problem)>>();
        foreach (var post in store.Posts(null, PostState.Accepted, null, int.MaxValue).Reverse().Where(IsDue))
        {
            // While the disk writes one post's copies down, the next one's are made.
            underway.Enqueue(TryDistributeAsync(post, cancellationToken));
            if (underway.Count == MostUnderway)
            {
                await RememberAsync(await underway.Dequeue(), cancellationToken);
            }
        }

        foreach (var done in await Task.WhenAll(underway))
        {
            await RememberAsync(done, cancellationToken);
        }

        return Pause();
    }

    private async Task<(Post Post, string? Problem)> TryDistributeAsync(Post post, CancellationToken cancellationToken)
    {
        try
        {
            return (post, await DistributeAsync(post, cancellationToken));
        }
        catch (IOException failure)
        {
            return (post, failure.Message);
        }
        catch (InvalidOperationException) when (store.FindPost(post.Id) is not { State: PostState.Accepted } || MustWait(post, out _))
        {
            // Stopped or put off while its copies were made: the change was refused whole, and nothing of it is queued.
            return (post, null);
        }
#pragma warning disable CA1031 // The outermost loop of distribution: a fault with one post must not keep back all others (SEC-31). It waits, seen by all.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(log, post.Id, failure);
            return (post, $"an error of this server: {failure.Message}");
        }
    }

    // A problem is told once, not each minute.
    private async Task RememberAsync((Post Post, string? Problem) done, CancellationToken cancellationToken)
    {
        var (post, problem) = done;
        if (problem is null)
        {
            _problems.Remove(post.Id);
        }
        else if (_problems.GetValueOrDefault(post.Id) != problem)
        {
            _problems[post.Id] = problem;
            LogWaits(log, post.Id, problem);
            try
            {
                await store.CommitAsync([new TraceAdded(post.Id, [Line(TraceStage.Signing, "waits", problem)])], cancellationToken);
            }
            catch (IOException failure)
            {
                LogWaits(log, post.Id, failure.Message);
            }
        }
    }

    /// <summary>Makes and queues the copies; answers what keeps the post waiting, or null.</summary>
    private async Task<string?> DistributeAsync(Post post, CancellationToken cancellationToken)
    {
        if (store.FindList(post.List) is not { } list)
        {
            await CommitAsync(post with { State = PostState.Discarded, Reason = "The list is gone" }, [], cancellationToken);
            return null;
        }

        if (keys.Find(list.Domain, out var problem) is not { } identity)
        {
            return problem;
        }

        using var content = store.Spool.Open(post.Id);
        var serial = store.ReserveSerial(list.Address, post.Id);
        var raw = RawMessage.Parse(content.Octets);
        var prepared = kitchen.Prepare(list, post with { Serial = serial }, raw);
        var trace = Told(prepared);
        if (prepared.Verdict is not Verdict.Accept)
        {
            await CommitAsync(post with { State = PostState.Held, Reason = prepared.Verdict.Reason, ApprovedBy = null }, trace, cancellationToken);
            return null;
        }

        var signed = signer.Sign(prepared, post, identity, list.Personalize);
        trace = [.. trace, .. signed.Trace];
        var copyId = OrderedId.New(time);
        var isQueued = false;
        try
        {
            using var copy = await StoreAsync(copyId, signed.Header, prepared.Body, cancellationToken);
            if (await signer.CheckAsync(RawMessage.Parse(copy.Octets), signed, identity, list.Personalize, cancellationToken) is { } fault)
            {
                await CommitAsync(post with { State = PostState.Held, Reason = fault, ApprovedBy = null }, trace, cancellationToken);
                LogFault(log, post.Id, fault);
                return null;
            }

            trace = trace.Add(Line(TraceStage.Signing, "checked", "our own verifier accepts the copy"));
            await QueueAsync(post, list, audience.Of(list, post, raw), serial, copyId, trace, Kept(post, copyId, copy, UndoSteps.Of(raw, prepared)), cancellationToken);
            isQueued = true;
            if (signed.Sealed is not null)
            {
                instruments.Seal();
            }

            return null;
        }
        finally
        {
            if (!isQueued)
            {
                store.Spool.Remove(copyId);
            }
        }
    }

    private async Task<SpoolContent> StoreAsync(string copyId, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await using var writer = store.Spool.Create();
        await writer.WriteAsync(header, cancellationToken);
        await writer.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        await writer.WriteAsync(body, cancellationToken);
        if (writer.IsSmall)
        {
            return writer.ReadSmall();
        }

        await writer.CommitAsync(copyId, cancellationToken);
        return store.Spool.Open(copyId);
    }

    /// <summary>What is written down beside the queue: the copy, unless it is in a file, and the way back from it.</summary>
    private static IEnumerable<Change> Kept(Post post, string copyId, SpoolContent copy, UndoSteps? undo) =>
    [
        .. copy.Octets.Length > Spool.SmallOctets ? Array.Empty<Change>() : [new OctetsKept(copyId, copy.Octets)],
        .. undo is null ? Array.Empty<Change>() : [new UndoKept(post.Id, undo)],
    ];

    private Task QueueAsync(
        Post post, MailingList list, ImmutableArray<AudiencePart> audience, long serial, string copyId, ImmutableArray<TraceEvent> trace, IEnumerable<Change> kept, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var announcement = post.IsAnnouncement ? store.FindAnnouncement(post.Id) : null;
        var own = audience[0].Roster;
        ImmutableArray<QueueGroup> groups =
        [
            .. audience.SelectMany((part, i) => GroupPlan.Of(part.Roster, announcement?.Plan, isLater: i > 0).Select(plan => (part.List, Plan: plan))).Select(part => new QueueGroup(
                OrderedId.New(time),
                post.Id,
                part.List.Address,
                part.Plan.Destination,
                copyId,
                part.List.RoleAddress("bounces"),
                [.. part.Plan.Addresses.Select(address => new QueueRecipient(address, MarkOf(list)))],
                now,
                now + options.Outbound.Expiry,
                announcement is null ? null : part.Plan.Wave)),
        ];
        var queued = Line(TraceStage.Queue, "queued", $"as number {serial} for {audience.Sum(part => part.Roster.Count)} members at {audience.SelectMany(part => part.Roster.Destinations).DistinctBy(d => d.Domain).Count()} destinations{Sublists(audience)}");
        return store.CommitAsync(
            [
                new PostQueued(post.Id, serial, groups),
                .. kept,
                .. list.Archive is ArchiveAccess.Off ? Array.Empty<Change>() : [new ArchiveDue(post.Id)],
                .. own.HasDigests || own.HasSummaries
                    ? [new DigestDue(new DigestPost(post.Id, list.Address, post.Size, now, own.HasDigests, own.HasSummaries))]
                    : Array.Empty<Change>(),
                .. announcement is null ? Array.Empty<Change>() : [new AnnouncementStarted(post.Id, now)],
                new TraceAdded(post.Id, trace.Add(queued)),
            ],
            cancellationToken);
    }

    private static string Sublists(ImmutableArray<AudiencePart> audience) =>
        audience.Length == 1 ? "" : $", also those of {string.Join(", ", audience.Skip(1).Select(part => part.List.Address))}";

    private Task CommitAsync(Post post, ImmutableArray<TraceEvent> trace, CancellationToken cancellationToken) => store.CommitAsync(
        [
            new PostSaved(post),
            new TraceAdded(post.Id, trace.Add(Line(TraceStage.Moderation, post.State.ToString().ToLowerInvariant(), post.Reason))),
        ],
        cancellationToken);

    private ImmutableArray<TraceEvent> Told(PreparedPost prepared) =>
    [
        .. prepared.Modifications.Where(change => change.Kind != ModificationKind.FieldAdded).Select(Told),
        .. prepared.Decisions.Select(decision => Line(
            TraceStage.Mitigation, decision.Action.ToString().ToLowerInvariant(), $"row {decision.Row}: {decision.Why}")),
    ];

    private TraceEvent Told(Modification change) => Line(TraceStage.Cooking, change.Target, change switch
    {
        { Before: null } => $"added: {Short(change.After)}",
        { After: null } => $"removed: {Short(change.Before)}",
        _ => $"{Short(change.Before)} → {Short(change.After)}",
    });

    private static string Short(string? text) => text switch
    {
        null => "",
        { Length: > 200 } => text[..200] + "…",
        _ => text,
    };

    private TraceEvent Line(TraceStage stage, string outcome, string detail) => new(time.GetUtcNow(), stage, outcome, detail);

    [LoggerMessage(1, LogLevel.Warning, "Post {PostId} waits: {Problem}")]
    private static partial void LogWaits(ILogger logger, string postId, string problem);

    [LoggerMessage(3, LogLevel.Error, "Post {PostId} could not be distributed")]
    private static partial void LogFailed(ILogger logger, string postId, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "Post {PostId} is held: {Fault}")]
    private static partial void LogFault(ILogger logger, string postId, string fault);
}
