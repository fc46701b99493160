using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Store.Tests;

public sealed class QueueTests : StoreFixture
{
    [Fact]
    public async Task A_queued_post_is_distributed_and_its_groups_are_due_at_once()
    {
        var store = Open();
        var (post, _) = await QueuePostAsync(store, ("one.example", 3), ("two.example", 2));
        store.FindPost(post.Id)!.State.ShouldBe(PostState.Distributed);
        store.FindPost(post.Id)!.Serial.ShouldBe(1);
        store.FindTally(post.Id).ShouldBe(new PostTally(5, 0, 0, 0));
        store.Posts(null, PostState.Accepted, null, 10).ShouldBeEmpty();
        store.Queue.TakeDue(10).Select(l => (l.Group.Destination, l.Waiting.Length)).ShouldBe([("one.example", 3), ("two.example", 2)], ignoreOrder: true);
        store.Queue.TakeDue(10).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_post_is_queued_once()
    {
        var store = Open();
        var (post, groups) = await QueuePostAsync(store, ("one.example", 1));
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync(new PostQueued(post.Id, 2, [.. groups]), Cancel));
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync(new PostQueued(Sample.NewId(), 2, []), Cancel));
        store.Queue.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Every_recipient_ends_in_exactly_one_state_and_the_first_outcome_counts()
    {
        var store = Open();
        var (post, groups) = await QueuePostAsync(store, ("one.example", 4));
        var lease = store.Queue.TakeDue("one.example")!;
        await store.CommitAsync(
            new GroupProgress(groups[0].Id, [new(0, RecipientState.Delivered), new(1, RecipientState.Refused)], 1, Sample.Start.AddMinutes(5), "450 later"),
            Cancel);
        lease.Dispose();
        store.Queue.TakeDue("one.example").ShouldBeNull();
        Time.Advance(TimeSpan.FromMinutes(5));
        using var second = store.Queue.TakeDue("one.example")!;
        (second.Attempts, second.LastReply).ShouldBe((1, "450 later"));
        second.Waiting.ShouldBe([2, 3]);
        await store.CommitAsync(
            new GroupProgress(groups[0].Id, [new(0, RecipientState.Refused), new(2, RecipientState.Expired), new(3, RecipientState.Delivered)], 2, Sample.Start, ""),
            Cancel);
        store.FindTally(post.Id).ShouldBe(new PostTally(4, 2, 1, 1));
        store.Queue.Count.ShouldBe(0);
        await store.CommitAsync(new GroupProgress(groups[0].Id, Sample.All(4, RecipientState.Refused), 3, Sample.Start, "late"), Cancel);
        store.FindTally(post.Id).ShouldBe(new PostTally(4, 2, 1, 1));
    }

    [Fact]
    public async Task The_queue_stands_after_a_restart_as_it_stood_before()
    {
        var store = Open();
        var (post, groups) = await QueuePostAsync(store, ("one.example", 3), ("two.example", 1));
        await store.CommitAsync(new GroupProgress(groups[0].Id, [new(1, RecipientState.Delivered)], 1, Sample.Start.AddMinutes(7), "451 wait"), Cancel);
        await store.DisposeAsync();
        store = Open();
        store.Queue.TakeDue(10).ShouldHaveSingleItem().Group.Destination.ShouldBe("two.example");
        store.Queue.NextDueWhere(_ => true).ShouldBe(Sample.Start.AddMinutes(7));
        Time.Advance(TimeSpan.FromMinutes(7));
        var lease = store.Queue.TakeDue(10).ShouldHaveSingleItem();
        lease.Waiting.ShouldBe([0, 2]);
        lease.Group.Recipients.ShouldBe(groups[0].Recipients);
        store.Queue.Summaries().ShouldBe(
            [new QueueSummary("one.example", 1, 2, Sample.Start, Sample.Start.AddMinutes(7), 1, "451 wait", InFlight: 2), new QueueSummary("two.example", 1, 1, Sample.Start, Sample.Start, 0, "", InFlight: 1)]);
        store.Queue.OfPost(post.Id).Select(g => (g.Destination, g.Waiting, g.IsInFlight, g.LastReply)).ShouldBe([("one.example", 2, true, "451 wait"), ("two.example", 1, true, "")], ignoreOrder: true);
        store.Queue.OfPost(Sample.NewId()).ShouldBeEmpty();
        store.Queue.OfDestination("one.example").ShouldHaveSingleItem().Id.ShouldBe(groups[0].Id);
        store.Queue.WaitingIn(groups[0].Id).ShouldBe(["r0@one.example", "r2@one.example"]);
        store.Queue.WaitingIn(Sample.NewId()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_given_back_without_a_report_waits_a_minute()
    {
        var store = Open();
        await QueuePostAsync(store, ("one.example", 1));
        store.Queue.TakeDue("one.example")!.Dispose();
        store.Queue.TakeDue("one.example").ShouldBeNull();
        Time.Advance(TimeSpan.FromMinutes(1));
        store.Queue.TakeDue("one.example").ShouldNotBeNull();
    }

    [Fact]
    public async Task One_group_of_each_destination_is_taken_unless_the_taker_declines_it()
    {
        var store = Open();
        await QueuePostAsync(store, ("one.example", 1), ("one.example", 1), ("two.example", 1), ("three.example", 1));
        store.Queue.TakeDue(10, d => d != "two.example").Select(l => l.Group.Destination).ShouldBe(["one.example", "three.example"], ignoreOrder: true);
        store.Queue.TakeDue(10).Select(l => l.Group.Destination).ShouldBe(["one.example", "two.example"], ignoreOrder: true);
    }

    [Fact]
    public async Task Groups_are_hastened_and_one_is_taken_before_its_time_by_one_alone()
    {
        var store = Open();
        var (_, groups) = await QueuePostAsync(store, ("one.example", 2), ("one.example", 1));
        await store.CommitAsync([.. groups.Select(g => new GroupProgress(g.Id, [], 3, Sample.Start.AddHours(1), "450 later"))], Cancel);
        store.Queue.TakeDue("one.example").ShouldBeNull();
        using (var taken = store.Queue.Take(groups[0].Id).ShouldNotBeNull())
        {
            store.Queue.Take(groups[0].Id).ShouldBeNull();
            taken.NextAttempt.ShouldBe(Sample.Start.AddHours(1));
            await store.CommitAsync(new GroupProgress(groups[0].Id, [new(1, RecipientState.Refused)], taken.Attempts, taken.NextAttempt, taken.LastReply), Cancel);
        }

        store.Queue.TakeDue("one.example").ShouldBeNull();
        await store.CommitAsync(new GroupsHastened("one.example", [.. groups.Select(g => g.Id), Sample.NewId()], Sample.Start), Cancel);
        using var first = store.Queue.TakeDue("one.example").ShouldNotBeNull();
        using var second = store.Queue.TakeDue("one.example").ShouldNotBeNull();
        new[] { first, second }.Select(l => (l.Attempts, l.LastReply, l.Waiting.Length)).ShouldBe([(3, "450 later", 1), (3, "450 later", 1)]);
        store.Queue.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Octets_leave_the_spool_when_the_last_group_is_settled()
    {
        var store = Open();
        var (post, groups) = await QueuePostAsync(store, ("one.example", 1), ("two.example", 1));
        await Settle(groups[0]);
        store.Spool.Contains(groups[0].CopyId).ShouldBeTrue();
        store.Spool.Contains(post.Id).ShouldBeTrue();
        await Settle(groups[1]);
        await store.DisposeAsync();
        store = Open();
        store.Spool.Contains(groups[0].CopyId).ShouldBeFalse();
        store.Spool.Contains(post.Id).ShouldBeFalse();

        Task Settle(QueueGroup group) => store.CommitAsync(new GroupProgress(group.Id, Sample.All(1, RecipientState.Delivered), 1, Sample.Start, "250 ok"), Cancel);
    }

    [Fact]
    public async Task Mail_that_is_no_post_is_delivered_like_a_copy_and_leaves_nothing_behind()
    {
        var store = Open();
        var id = Sample.NewId();
        var group = new QueueGroup(Sample.NewId(), id, Sample.List, "one.example", id, "", [new QueueRecipient("r@one.example")], Sample.Start, Sample.Start + QueueGroup.Lifetime);
        await store.Spool.StoreAsync(id, "notice"u8.ToArray(), Cancel);
        await store.CommitAsync(new MailQueued([group]), Cancel);
        await store.DisposeAsync();
        store = Open();
        store.Spool.Contains(id).ShouldBeTrue();
        using (var lease = store.Queue.TakeDue("one.example").ShouldNotBeNull())
        {
            lease.Group.ShouldBe(group with { Recipients = lease.Group.Recipients });
            await store.CommitAsync(new GroupProgress(group.Id, Sample.All(1, RecipientState.Delivered), 1, Sample.Start, "250 ok"), Cancel);
        }

        store.Queue.Count.ShouldBe(0);
        store.FindTally(id).ShouldBeNull();
        store.ReserveSerial(Sample.List, Sample.NewId()).ShouldBe(1);
        await store.DisposeAsync();
        Open().Spool.Contains(id).ShouldBeFalse();
    }

    [Fact]
    public async Task Mail_that_is_no_post_can_not_pass_for_one()
    {
        var store = Open();
        var (post, groups) = await QueuePostAsync(store, ("one.example", 1));
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync(new MailQueued([groups[0] with { Id = Sample.NewId() }]), Cancel));
        store.FindTally(post.Id).ShouldBe(new PostTally(1, 0, 0, 0));
        store.Queue.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_held_post_keeps_its_octets_until_it_is_decided()
    {
        var store = Open();
        var post = Sample.NewPost(PostState.Held);
        await store.Spool.StoreAsync(post.Id, "octets"u8.ToArray(), Cancel);
        await store.CommitAsync(new PostSaved(post), Cancel);
        await store.DisposeAsync();
        store = Open();
        store.Spool.Contains(post.Id).ShouldBeTrue();
        await store.CommitAsync(new PostSaved(post with { State = PostState.Rejected }), Cancel);
        await store.DisposeAsync();
        File.Exists(PathOf("spool", "new", post.Id[^2..], post.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Serial_numbers_are_neither_burnt_nor_repeated_by_a_crash_before_the_queue()
    {
        var store = Open();
        var posts = Enumerable.Range(0, 4).Select(_ => Sample.NewPost()).ToArray();
        await store.CommitAsync([.. posts.Select(p => new PostSaved(p))], Cancel);
        store.ReserveSerial(Sample.List, posts[0].Id).ShouldBe(1);
        store.ReserveSerial(Sample.List, posts[1].Id).ShouldBe(2);
        store.ReserveSerial(Sample.List, posts[0].Id).ShouldBe(1);
        store.ReserveSerial("other@lists.example", posts[2].Id).ShouldBe(1);
        await store.CommitAsync(new PostQueued(posts[1].Id, 2, []), Cancel);
        await store.DisposeAsync();

        store = Open();
        store.ReserveSerial(Sample.List, posts[3].Id).ShouldBe(1);
        store.ReserveSerial(Sample.List, posts[0].Id).ShouldBe(3);
        await store.CommitAsync(new PostQueued(posts[0].Id, 3, []), Cancel);
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync(new PostQueued(posts[3].Id, 3, []), Cancel));
        await store.CommitAsync(new PostQueued(posts[3].Id, 1, []), Cancel);
    }

    private async Task<(Post Post, QueueGroup[] Groups)> QueuePostAsync(ListStore store, params (string Destination, int Recipients)[] destinations)
    {
        var post = Sample.NewPost();
        var copy = Sample.NewId();
        await store.Spool.StoreAsync(post.Id, "post"u8.ToArray(), Cancel);
        await store.Spool.StoreAsync(copy, "copy"u8.ToArray(), Cancel);
        await store.CommitAsync(new PostSaved(post), Cancel);
        var groups = destinations.Select(d => Sample.NewGroup(post, copy, d.Destination, d.Recipients, Time.GetUtcNow())).ToArray();
        await store.CommitAsync(new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), [.. groups]), Cancel);
        return (post, groups);
    }
}
