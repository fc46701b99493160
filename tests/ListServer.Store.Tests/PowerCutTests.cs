using System.Collections.Concurrent;
using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Store.Tests;

/// <summary>SEC-2: an acknowledgement means that the octets, and the names they stand under, have been synced.</summary>
public sealed class PowerCutTests : StoreFixture
{
    [Fact]
    public async Task A_power_cut_under_load_loses_nothing_that_was_acknowledged()
    {
        var disk = new FaultyDisk();
        var store = Open(disk, new StoreOptions(Folder) { CheckpointOctets = 300_000 });
        var accepted = new ConcurrentDictionary<string, PostState>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => WorkAsync(store, accepted, stop.Token))).ToArray();
        for (var cut = 0; cut < 4; cut++)
        {
            await Task.Delay(150, Cancel);
            var known = accepted.ToDictionary();
            var image = PathOf("..", Path.GetFileName(Folder) + "-cut" + cut);
            disk.CutPower(Folder, image);
            await CheckAsync(image, known);
            Directory.Delete(image, recursive: true);
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        accepted.Count.ShouldBeGreaterThan(20);
    }

    private static async Task WorkAsync(ListStore store, ConcurrentDictionary<string, PostState> accepted, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var post = Sample.NewPost();
            await store.CommitAsync([new PostSaved(post), .. await Sample.KeepAsync(store, post.Id, "octets of the post"u8.ToArray())], CancellationToken.None);
            accepted[post.Id] = PostState.Accepted;
            var group = Sample.NewGroup(post, Sample.NewId(), "one.example", 3);
            var kept = await Sample.KeepAsync(store, group.CopyId, "octets of the copy"u8.ToArray());
            await store.CommitAsync([new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), [group]), .. kept], CancellationToken.None);
            accepted[post.Id] = PostState.Distributed;
        }
    }

    private async Task CheckAsync(string image, Dictionary<string, PostState> known)
    {
        await using var store = ListStore.Open(new StoreOptions(image), Time, NullLogger.Instance);
        foreach (var (id, state) in known)
        {
            var post = store.FindPost(id).ShouldNotBeNull();
            post.State.ShouldBeOneOf(state, PostState.Distributed);
            using var octets = store.Spool.Open(id);
            octets.Octets.ToArray().ShouldBe("octets of the post"u8.ToArray());
        }

        for (var lease = store.Queue.TakeDue("one.example"); lease is not null; lease = store.Queue.TakeDue("one.example"))
        {
            using var copy = store.Spool.Open(lease.Group.CopyId);
            copy.Octets.Length.ShouldBe("octets of the copy".Length);
        }

        known.Keys.Where(id => known[id] == PostState.Distributed).ShouldAllBe(id => store.FindTally(id) == new PostTally(3, 0, 0, 0));
    }
}
