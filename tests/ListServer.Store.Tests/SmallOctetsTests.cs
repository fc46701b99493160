using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using ListServer.Store.Queue;
using ListServer.Store.Tables;

namespace ListServer.Store.Tests;

/// <summary>Octets that come with the commit that names them.</summary>
public sealed class SmallOctetsTests : StoreFixture
{
    private static readonly byte[] PostOctets = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
    private static readonly byte[] CopyOctets = "Subject: copy\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task They_survive_a_kill_as_they_were_and_no_file_is_made_for_them()
    {
        var store = Open();
        var (post, group) = await QueueAsync(store);
        await store.DisposeAsync();
        File.Delete(PathOf("lists.settled"));
        store = Open();
        Read(store, post.Id).ShouldBe(PostOctets);
        Read(store, group.CopyId).ShouldBe(CopyOctets);
        Directory.GetFiles(PathOf("spool"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_are_gone_from_the_table_once_nothing_waits(bool isRestarted)
    {
        var store = Open();
        var (post, group) = await QueueAsync(store);
        if (isRestarted)
        {
            await store.DisposeAsync();
            store = Open();
        }

        await store.CommitAsync(new GroupProgress(group.Id, Sample.All(1, RecipientState.Delivered), 1, Sample.Start, "250 ok"), Cancel);
        store.Spool.Contains(post.Id).ShouldBeFalse();
        Should.Throw<FileNotFoundException>(() => store.Spool.Open(group.CopyId));
        await store.DisposeAsync();
        Kinds().ShouldNotContain(TableKey.OctetsKind);
        Kinds().ShouldContain(TableKey.Posts[0]);
    }

    [Fact]
    public async Task A_held_post_keeps_them_until_it_is_decided()
    {
        var store = Open();
        var post = Sample.NewPost(PostState.Held);
        await store.CommitAsync([new PostSaved(post), new OctetsKept(post.Id, PostOctets)], Cancel);
        await store.DisposeAsync();
        store = Open();
        Read(store, post.Id).ShouldBe(PostOctets);
        await store.CommitAsync(new PostSaved(post with { State = PostState.Rejected }), Cancel);
        store.Spool.Contains(post.Id).ShouldBeFalse();
    }

    [Fact]
    public async Task Those_that_nothing_refers_to_leave_at_once()
    {
        var store = Open();
        var (post, copy) = (Sample.NewPost(), Sample.NewId());
        await store.CommitAsync([new PostSaved(post), new OctetsKept(post.Id, PostOctets)], Cancel);
        await store.CommitAsync([new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), []), new OctetsKept(copy, CopyOctets)], Cancel);
        store.Spool.Contains(post.Id).ShouldBeFalse();
        store.Spool.Contains(copy).ShouldBeFalse();
    }

    [Fact]
    public async Task Those_of_a_refused_commit_are_not_kept()
    {
        var store = Open();
        var (post, copy) = (Sample.NewPost(), Sample.NewId());
        await Should.ThrowAsync<InvalidOperationException>(() => store.CommitAsync([new OctetsKept(copy, CopyOctets), new PostQueued(post.Id, 1, [])], Cancel));
        store.Spool.Contains(copy).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(Spool.SmallOctets, true)]
    [InlineData(Spool.SmallOctets + 1, false)]
    public async Task A_writer_says_whether_it_holds_so_few(int length, bool isSmall)
    {
        await using var writer = Open().Spool.Create();
        await writer.WriteAsync(new byte[length], Cancel);
        writer.IsSmall.ShouldBe(isSmall);
        if (isSmall)
        {
            writer.ReadSmall().Octets.Length.ShouldBe(length);
        }
        else
        {
            Should.Throw<InvalidOperationException>(() => writer.ReadSmall());
        }
    }

    private static byte[] Read(ListStore store, string id)
    {
        using var content = store.Spool.Open(id);
        return content.Octets.ToArray();
    }

    private async Task<(Post Post, QueueGroup Group)> QueueAsync(ListStore store)
    {
        var post = Sample.NewPost();
        var group = Sample.NewGroup(post, Sample.NewId(), "one.example", 1, Time.GetUtcNow());
        await store.CommitAsync([new PostSaved(post), new OctetsKept(post.Id, PostOctets)], Cancel);
        await store.CommitAsync([new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), [group]), new OctetsKept(group.CopyId, CopyOctets)], Cancel);
        return (post, group);
    }

    private string Kinds()
    {
        using var lite = LiteTable.Open(PathOf("lists.db"), (_, _) => throw new InvalidOperationException());
        return string.Concat(lite.Scan(new KeyRange("A", "z"), descending: false, 1000).Select(e => e.Key[0]));
    }
}
