using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists;
using ListServer.Lists.Webhooks;
using ListServer.Store.Queue;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>Durable point two: an accepted post becomes Distributed and its groups wait for delivery. Happens once to a post.</summary>
/// <param name="PostId">The post.</param>
/// <param name="Serial">The number from <see cref="ListStore.ReserveSerial"/>.</param>
/// <param name="Groups">May be empty, for a list without receiving members.</param>
public sealed record PostQueued(string PostId, long Serial, ImmutableArray<QueueGroup> Groups) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var post = draft.Find<Post>(TableKey.Post(PostId));
        if (post is not { State: PostState.Accepted })
        {
            throw new InvalidOperationException($"Post {PostId} is {post?.State.ToString() ?? "unknown"}: it can't be queued.");
        }

        SerialCount.Use(draft, post.List, Serial);
        draft.PutPassing(TableKey.Post(PostId), post with { State = PostState.Distributed, Serial = Serial });
        draft.Put(TableKey.PostOfList(post.List, PostId), PostState.Distributed);
        draft.Remove(TableKey.OpenPost(PostId));
        foreach (var group in Groups)
        {
            if (group.PostId != PostId)
            {
                throw new InvalidOperationException($"Group {group.Id} is of post {group.PostId}.");
            }

            group.AddTo(draft);
        }

        draft.PutPassing(TableKey.Tally(PostId), new PostTally(Groups.Sum(g => g.Recipients.Length), 0, 0, 0));
        draft.Tell(WebhookKinds.PostDistributed, post.List, null, () => PostNews.Of(post with { State = PostState.Distributed, Serial = Serial }));
    }
}

/// <summary>
/// A message that is no post waits for delivery: a notice, or mail on its way to a list's owners. Its octets are in the spool before, under
/// the groups' CopyId, which stands for a post's identifier too.
/// </summary>
/// <param name="Groups">One for each destination.</param>
public sealed record MailQueued(ImmutableArray<QueueGroup> Groups) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var group in Groups)
        {
            if (group.PostId != group.CopyId)
            {
                throw new InvalidOperationException($"Group {group.Id} is of post {group.PostId}.");
            }

            group.AddTo(draft);
        }
    }
}

/// <summary>An attempt at a group ended. The group is gone once nobody in it waits; a report on a group that is gone changes nothing.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Settled">Those that wait no longer; may be empty.</param>
/// <param name="Attempts">How often the group has been tried by now.</param>
/// <param name="NextAttempt">When those that still wait are due.</param>
/// <param name="LastReply">What the other side said last.</param>
public sealed record GroupProgress(
    string GroupId,
    ImmutableArray<RecipientOutcome> Settled,
    int Attempts,
    DateTimeOffset NextAttempt,
    string LastReply) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        if (draft.Find<GroupState>(TableKey.GroupState(GroupId)) is not { } before)
        {
            return;
        }

        if (Settled.Any(o => o.Index < 0 || o.Index >= before.Recipients.Length))
        {
            throw new InvalidOperationException($"Group {GroupId} has {before.Recipients.Length} recipients.");
        }

        var after = before.With(Settled, out var entered) with { Attempts = Attempts, NextAttempt = NextAttempt, LastReply = LastReply };
        if (after.IsSettled)
        {
            draft.Remove(TableKey.Group(GroupId));
            draft.Remove(TableKey.GroupState(GroupId));
        }
        else
        {
            draft.PutPassing(TableKey.GroupState(GroupId), after);
        }

        if (entered.Count > 0 && draft.Find<PostTally>(TableKey.Tally(before.PostId)) is { } tally)
        {
            draft.PutPassing(TableKey.Tally(before.PostId), entered.Aggregate(tally, (t, o) => t.With(o.State)));
            if (before.Wave is not null)
            {
                AnnouncementRecord.Count(draft, before.PostId, tally.Delivered + tally.Refused);
            }
        }
    }
}

/// <summary>Groups of one destination are due at another time than their last attempt said; those that are gone stay gone.</summary>
/// <param name="Destination">The recipients' domain.</param>
/// <param name="GroupIds">The groups.</param>
/// <param name="NextAttempt">When they are due.</param>
public sealed record GroupsHastened(string Destination, ImmutableArray<string> GroupIds, DateTimeOffset NextAttempt) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var id in GroupIds)
        {
            if (draft.Find<GroupState>(TableKey.GroupState(id)) is { } state)
            {
                draft.PutPassing(TableKey.GroupState(id), state with { NextAttempt = NextAttempt });
            }
        }
    }
}

/// <summary>Which serial numbers of a list are used.</summary>
/// <param name="Next">The lowest above all that are used.</param>
/// <param name="Holes">Numbers below it that are not used: reserved for posts that another one overtook.</param>
internal sealed record SerialCount(long Next, ImmutableArray<long> Holes)
{
    private const int MaxHoles = 10_000;

    public static readonly SerialCount None = new(1, []);

    public static void Use(Draft draft, string list, long serial)
    {
        var key = TableKey.Serial(list);
        draft.Put(key, (draft.Find<SerialCount>(key) ?? None).With(serial));
    }

    private SerialCount With(long serial)
    {
        if (serial >= Next && serial - Next < MaxHoles)
        {
            return new SerialCount(serial + 1, [.. Holes, .. Enumerable.Range(0, (int)(serial - Next)).Select(i => Next + i)]);
        }

        return Holes.Contains(serial)
            ? this with { Holes = Holes.Remove(serial) }
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Serial number {serial} is used, or far above {Next}."));
    }
}
