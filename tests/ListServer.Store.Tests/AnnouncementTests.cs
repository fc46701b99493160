using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Store.Tests;

/// <summary>Announcements behind their plans, and their books, which hold after any crash (issue 4, item 5; AUTH-81).</summary>
public sealed class AnnouncementTests : StoreFixture
{
    [Fact]
    public async Task Nothing_leaves_while_it_is_paused_and_all_that_is_left_when_it_is_resumed_whatever_the_process_did()
    {
        var store = Open();
        var (id, _) = await SendAsync(store, new SendingPlan(), ("one.example", 2), ("two.example", 2));
        await ReportAsync(store, Take(store, "one.example"), RecipientState.Delivered);

        store.Queue.OfPost(id).ShouldAllBe(g => g.NextAttempt == Sample.Start);
        await store.CommitAsync(new AnnouncementPaused(id, Time.GetUtcNow(), "paused by ken"), Cancel);
        Nothing(store);
        await store.DisposeAsync();
        store = Open();
        Nothing(store);
        store.Queue.OfPost(id).ShouldAllBe(g => g.NextAttempt == null);
        store.Queue.Summaries().ShouldAllBe(s => s.NextAttempt == null);
        store.FindAnnouncement(id)!.ShouldSatisfyAllConditions(a => a.State.ShouldBe(AnnouncementState.Paused), a => a.Reason.ShouldBe("paused by ken"));
        store.FindTally(id).ShouldBe(new PostTally(4, 2, 0, 0));

        Time.Advance(TimeSpan.FromMinutes(10));
        await store.CommitAsync(new AnnouncementResumed(id, Time.GetUtcNow()), Cancel);
        await ReportAsync(store, store.Queue.TakeDue(10).ShouldHaveSingleItem(), RecipientState.Delivered);
        store.FindTally(id).ShouldBe(new PostTally(4, 4, 0, 0));
        store.FindAnnouncement(id)!.ShouldSatisfyAllConditions(a => a.State.ShouldBe(AnnouncementState.Done), a => a.PausedFor.ShouldBe(TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task A_stop_ends_all_who_wait_and_what_a_courier_has_in_hand_still_counts_as_what_became_of_it()
    {
        var store = Open();
        var (id, groups) = await SendAsync(store, new SendingPlan(), ("one.example", 3), ("two.example", 2));
        var onItsWay = Take(store, "one.example");

        await store.CommitAsync(new AnnouncementStopped(id, "stopped by ken"), Cancel);
        Nothing(store);
        store.Queue.IsHeldBack(onItsWay.Group).ShouldBeTrue();
        store.Queue.StoppedPosts().ShouldBe([id]);
        await store.CommitAsync(new RecipientsStopped(id, [groups[1].Id]), Cancel);
        await store.CommitAsync(new GroupProgress(groups[0].Id, [new(0, RecipientState.Delivered), new(1, RecipientState.Refused)], 0, Sample.Start, ""), Cancel);
        onItsWay.Dispose();
        store.FindTally(id)!.ShouldSatisfyAllConditions(t => t.ShouldBe(new PostTally(5, 1, 1, 0, 0, 2)), t => t.Waiting.ShouldBe(1));
        Nothing(store);

        // The process dies before the last one is settled: the next start knows of it.
        await store.DisposeAsync();
        store = Open();
        Nothing(store);
        store.Queue.StoppedPosts().ShouldBe([id]);
        await store.CommitAsync(new RecipientsStopped(id, [groups[0].Id, groups[1].Id]), Cancel);
        store.Queue.StoppedPosts().ShouldBeEmpty();
        store.Queue.Count.ShouldBe(0);
        Books(store, id).ShouldBe(new PostTally(5, 1, 1, 0, 0, 3));
        store.FindAnnouncement(id)!.State.ShouldBe(AnnouncementState.Stopped);
        await store.DisposeAsync();
        Open().Spool.Contains(groups[0].CopyId).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stop_while_all_is_on_its_way_is_settled_when_that_has_come_to_its_end()
    {
        var store = Open();
        var (id, groups) = await SendAsync(store, new SendingPlan(), ("one.example", 2));
        var onItsWay = Take(store, "one.example");
        await store.CommitAsync(new AnnouncementStopped(id, "stopped by ken"), Cancel);
        await store.CommitAsync(new RecipientsStopped(id, []), Cancel);
        store.Queue.StoppedPosts().ShouldBe([id]);
        await ReportAsync(store, onItsWay, RecipientState.Delivered);
        await store.DisposeAsync();
        store = Open();
        store.Queue.StoppedPosts().ShouldBe([id]);
        await store.CommitAsync(new RecipientsStopped(id, []), Cancel);
        store.Queue.StoppedPosts().ShouldBeEmpty();
        store.FindAnnouncement(id)!.ShouldSatisfyAllConditions(a => a.IsSettled.ShouldBeTrue(), a => a.State.ShouldBe(AnnouncementState.Stopped));
        Books(store, id).ShouldBe(new PostTally(2, 2, 0, 0));
        await store.DisposeAsync();
        Open().Queue.StoppedPosts().ShouldBeEmpty();
    }

    [Fact]
    public async Task Fifty_first_then_the_rest_when_their_time_has_come()
    {
        var store = Open();
        var (id, _) = await SendAsync(
            store, new SendingPlan { First = 2, ThenAfter = TimeSpan.FromMinutes(30) }, [SendingWave.First, SendingWave.Rest], ("one.example", 2), ("one.example", 3));
        var first = store.Queue.TakeDue(10).ShouldHaveSingleItem();
        first.Group.Wave.ShouldBe(SendingWave.First);
        await ReportAsync(store, first, RecipientState.Delivered);
        Nothing(store, Sample.Start.AddMinutes(30));
        await store.DisposeAsync();
        store = Open();
        Nothing(store, Sample.Start.AddMinutes(30));
        Time.Advance(TimeSpan.FromMinutes(30));
        await ReportAsync(store, store.Queue.TakeDue(10).ShouldHaveSingleItem(), RecipientState.Delivered);
        store.FindTally(id).ShouldBe(new PostTally(5, 5, 0, 0));
    }

    [Fact]
    public async Task Fifty_first_then_the_rest_when_somebody_says_so()
    {
        var store = Open();
        var (id, _) = await SendAsync(store, new SendingPlan { First = 2 }, [SendingWave.First, SendingWave.Rest], ("one.example", 2), ("one.example", 3));
        await ReportAsync(store, store.Queue.TakeDue(10).ShouldHaveSingleItem(), RecipientState.Delivered);
        Time.Advance(TimeSpan.FromDays(1));
        Nothing(store);
        await store.CommitAsync(new AnnouncementResumed(id, Time.GetUtcNow()), Cancel);
        store.Queue.TakeDue(10).ShouldHaveSingleItem().Waiting.Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_rate_is_kept_over_all_destinations_and_a_restart_makes_nothing_faster()
    {
        var store = Open();
        var plan = new SendingPlan { Rate = new SendingRate(60, TimeSpan.FromMinutes(1)) };
        await SendAsync(store, plan, ("one.example", 10), ("two.example", 10), ("three.example", 10));
        store.Queue.TakeDue(10).ShouldHaveSingleItem().Waiting.Length.ShouldBe(10);
        Nothing(store, Sample.Start.AddSeconds(10));
        Time.Advance(TimeSpan.FromSeconds(10));
        using (store.Queue.TakeDue(10).ShouldHaveSingleItem())
        {
            Nothing(store, Sample.Start.AddSeconds(20));
        }

        await store.DisposeAsync();
        store = Open();
        Nothing(store, Sample.Start.AddSeconds(20));
        Time.Advance(TimeSpan.FromSeconds(10));
        store.Queue.TakeDue(10).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_stops_by_itself_with_the_outcome_that_is_too_much_and_says_why()
    {
        var store = Open();
        var (id, groups) = await SendAsync(store, new SendingPlan { StopAtRefusals = 0.2 }, ("one.example", 10), ("two.example", 10));
        var lease = Take(store, "one.example");
        await store.CommitAsync(new GroupProgress(groups[0].Id, Sample.All(4, RecipientState.Refused), 0, Sample.Start, "550 no"), Cancel);
        store.FindAnnouncement(id)!.State.ShouldBe(AnnouncementState.Sending);
        await store.CommitAsync(new GroupProgress(groups[0].Id, [new(4, RecipientState.Refused)], 0, Sample.Start, "550 no"), Cancel);
        lease.Dispose();

        Nothing(store);
        store.FindAnnouncement(id)!.ShouldSatisfyAllConditions(
            a => a.State.ShouldBe(AnnouncementState.Stopped), a => a.Reason.ShouldBe("5 of the first 5 were refused for good, which is more than 20 % of 20"));
        await store.DisposeAsync();
        store = Open();
        Nothing(store);
        store.Queue.StoppedPosts().ShouldBe([id]);
        Books(store, id).ShouldBe(new PostTally(20, 0, 5, 0));
    }

    [Fact]
    public async Task Who_left_the_list_is_no_refusal()
    {
        var store = Open();
        var (id, groups) = await SendAsync(store, new SendingPlan(), ("one.example", 10), ("two.example", 1));
        await store.CommitAsync(new GroupProgress(groups[0].Id, Sample.All(10, RecipientState.Withdrawn), 0, Sample.Start, ""), Cancel);
        store.FindAnnouncement(id)!.State.ShouldBe(AnnouncementState.Sending);
        Books(store, id).ShouldBe(new PostTally(11, 0, 0, 0, 10));
    }

    [Fact]
    public async Task Other_posts_go_before_it_and_a_paused_one_holds_up_nothing()
    {
        var store = Open();
        var (id, _) = await SendAsync(store, new SendingPlan(), ("one.example", 1), ("one.example", 1));
        var other = await QueueOtherAsync(store, "one.example");
        using (var first = store.Queue.TakeDue(1).ShouldHaveSingleItem())
        {
            first.Group.PostId.ShouldBe(other.PostId);
            await store.CommitAsync(new AnnouncementPaused(id, Time.GetUtcNow(), ""), Cancel);
            Nothing(store);
            await store.CommitAsync(new GroupProgress(other.Id, Sample.All(1, RecipientState.Delivered), 1, Sample.Start, ""), Cancel);
        }

        var next = await QueueOtherAsync(store, "one.example");
        store.Queue.TakeDue(10).ShouldHaveSingleItem().Group.PostId.ShouldBe(next.PostId);
    }

    [Fact]
    public async Task One_group_of_each_destination_is_taken_of_posts_and_announcements_together()
    {
        var store = Open();
        await SendAsync(store, new SendingPlan(), ("one.example", 1), ("two.example", 1));
        await QueueOtherAsync(store, "one.example");
        store.Queue.TakeDue(10).Select(l => (l.Group.Destination, l.Group.Wave)).ShouldBe([("one.example", null), ("two.example", SendingWave.First)]);
    }

    [Fact]
    public async Task What_was_given_back_untried_because_of_a_pause_is_due_at_once_when_it_goes_on()
    {
        var store = Open();
        var (id, _) = await SendAsync(store, new SendingPlan(), ("one.example", 1));
        var lease = Take(store, "one.example");
        await store.CommitAsync(new AnnouncementPaused(id, Time.GetUtcNow(), ""), Cancel);
        lease.Dispose();
        await store.CommitAsync(new AnnouncementResumed(id, Time.GetUtcNow()), Cancel);
        Take(store, "one.example").Waiting.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Stopped_before_its_copies_are_made_the_post_is_discarded_and_can_not_be_queued()
    {
        var store = Open();
        var post = await PlanAsync(store, new SendingPlan { NotBefore = Sample.Start.AddDays(1) });
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync([new PostQueued(post.Id, 1, []), new AnnouncementStarted(post.Id, Sample.Start)], Cancel));
        store.FindPost(post.Id)!.State.ShouldBe(PostState.Accepted);
        await store.CommitAsync(new AnnouncementStopped(post.Id, "stopped by ken"), Cancel);
        store.FindPost(post.Id)!.ShouldSatisfyAllConditions(p => p.State.ShouldBe(PostState.Discarded), p => p.Reason.ShouldBe("stopped by ken"));
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync([new PostQueued(post.Id, 1, []), new AnnouncementStarted(post.Id, Sample.Start.AddDays(2))], Cancel));
        await store.DisposeAsync();
        store = Open();
        store.Spool.Contains(post.Id).ShouldBeFalse();
        store.Queue.StoppedPosts().ShouldBe([post.Id]);
        await store.CommitAsync(new RecipientsStopped(post.Id, []), Cancel);
        store.Queue.StoppedPosts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_moderator_who_discards_the_post_ends_it()
    {
        var store = Open();
        var post = await PlanAsync(store, new SendingPlan());
        await store.CommitAsync(new PostSaved(post with { State = PostState.Discarded, Reason = "The list is gone" }), Cancel);
        store.FindAnnouncement(post.Id)!.ShouldSatisfyAllConditions(a => a.State.ShouldBe(AnnouncementState.Stopped), a => a.Reason.ShouldBe("The list is gone"));
    }

    [Fact]
    public async Task To_a_list_without_receivers_it_is_done_at_once()
    {
        var store = Open();
        var (id, _) = await SendAsync(store, new SendingPlan());
        store.FindAnnouncement(id)!.State.ShouldBe(AnnouncementState.Done);
    }

    [Fact]
    public async Task They_are_named_newest_first_of_one_list_or_of_all()
    {
        var store = Open();
        var (first, _) = await SendAsync(store, new SendingPlan());
        var (second, _) = await SendAsync(store, new SendingPlan());
        store.Announcements(null, 10).Select(a => a.PostId).ShouldBe([second, first]);
        store.Announcements(Sample.List.ToUpperInvariant(), 1).Select(a => a.PostId).ShouldBe([second]);
        store.Announcements("other@lists.example", 10).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_crash_at_any_step_plan_and_books_stand_as_they_stood()
    {
        var store = Open();
        var (id, groups) = await SendAsync(
            store, new SendingPlan { First = 3, StopAtRefusals = 0.5, Rate = new SendingRate(6, TimeSpan.FromSeconds(1)) }, [SendingWave.First, SendingWave.Rest], ("one.example", 3), ("one.example", 9));
        Change[] steps =
        [
            new GroupProgress(groups[0].Id, [new(0, RecipientState.Delivered), new(1, RecipientState.Withdrawn)], 1, Sample.Start, ""),
            new AnnouncementPaused(id, Sample.Start.AddMinutes(1), "paused by ken"),
            new GroupProgress(groups[0].Id, [new(2, RecipientState.Refused)], 2, Sample.Start, ""),
            new AnnouncementResumed(id, Sample.Start.AddMinutes(2)),
            new AnnouncementResumed(id, Sample.Start.AddMinutes(3)),
            new GroupProgress(groups[1].Id, [.. Sample.All(7, RecipientState.Refused)], 1, Sample.Start, ""),
            new RecipientsStopped(id, [groups[1].Id]),
        ];
        foreach (var step in steps)
        {
            await store.CommitAsync(step, Cancel);
            var crashed = Directory.CreateTempSubdirectory("store-crash-").FullName;
            CopyJournal(crashed);
            await using (var after = Open(new StoreOptions(crashed)))
            {
                after.FindAnnouncement(id).ShouldBe(store.FindAnnouncement(id));
                Books(after, id).ShouldBe(Books(store, id));
                after.Queue.StoppedPosts().ShouldBe(store.Queue.StoppedPosts());
                after.Queue.IsHeldBack(groups[1]).ShouldBe(store.Queue.IsHeldBack(groups[1]));
            }

            Directory.Delete(crashed, recursive: true);
        }

        Books(store, id).ShouldBe(new PostTally(12, 1, 8, 0, 1, 2));
        store.FindAnnouncement(id)!.ShouldSatisfyAllConditions(
            a => a.State.ShouldBe(AnnouncementState.Stopped), a => a.RestAt.ShouldBe(Sample.Start.AddMinutes(3)), a => a.PausedFor.ShouldBe(TimeSpan.Zero));
    }

    /// <summary>What a kill leaves for sure: the journal, and nothing closed. All else is made from it.</summary>
    private void CopyJournal(string target)
    {
        Directory.CreateDirectory(Path.Combine(target, "journal"));
        foreach (var file in Directory.GetFiles(PathOf("journal")))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(Path.Combine(target, "journal", Path.GetFileName(file)));
            from.CopyTo(to);
        }
    }

    private static GroupLease Take(ListStore store, string destination) => store.Queue.TakeDue(destination).ShouldNotBeNull();

    private static void Nothing(ListStore store, DateTimeOffset? until = null)
    {
        store.Queue.TakeDue(10).ShouldBeEmpty();
        store.Queue.NextDueWhere(_ => true).ShouldBe(until);
    }

    /// <summary>The tally, once all of it is accounted for by what waits in the queue.</summary>
    private static PostTally Books(ListStore store, string id)
    {
        var tally = store.FindTally(id)!;
        store.Queue.OfPost(id).Sum(g => g.Waiting).ShouldBe(tally.Waiting);
        return tally;
    }

    private static async Task ReportAsync(ListStore store, GroupLease lease, RecipientState state)
    {
        await store.CommitAsync(new GroupProgress(lease.Group.Id, Sample.All(lease.Group.Recipients.Length, state), 1, Sample.Start, ""), Cancel);
        lease.Dispose();
    }

    private static async Task<Post> PlanAsync(ListStore store, SendingPlan plan)
    {
        var post = Sample.NewPost() with { IsAnnouncement = true };
        await store.Spool.StoreAsync(post.Id, "post"u8.ToArray(), Cancel);
        await store.CommitAsync([new PostSaved(post), new AnnouncementPlanned(new Announcement(post.Id, post.List, Sample.Start, "ken", plan))], Cancel);
        return post;
    }

    private Task<(string Id, QueueGroup[] Groups)> SendAsync(ListStore store, SendingPlan plan, params (string Destination, int Recipients)[] destinations) =>
        SendAsync(store, plan, [.. destinations.Select(_ => SendingWave.First)], destinations);

    private async Task<(string Id, QueueGroup[] Groups)> SendAsync(
        ListStore store, SendingPlan plan, ImmutableArray<SendingWave> waves, params (string Destination, int Recipients)[] destinations)
    {
        var post = await PlanAsync(store, plan);
        var copy = Sample.NewId();
        await store.Spool.StoreAsync(copy, "copy"u8.ToArray(), Cancel);
        var now = Time.GetUtcNow();
        var groups = destinations.Select((d, i) => Sample.NewGroup(post, copy, d.Destination, d.Recipients, now) with { Wave = waves[i] }).ToArray();
        await store.CommitAsync([new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), [.. groups]), new AnnouncementStarted(post.Id, now)], Cancel);
        return (post.Id, groups);
    }

    private async Task<QueueGroup> QueueOtherAsync(ListStore store, string destination)
    {
        var post = Sample.NewPost();
        await store.Spool.StoreAsync(post.Id, "post"u8.ToArray(), Cancel);
        var group = Sample.NewGroup(post, post.Id, destination, 1, Time.GetUtcNow());
        await store.CommitAsync([new PostSaved(post), new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), [group])], Cancel);
        return group;
    }
}
