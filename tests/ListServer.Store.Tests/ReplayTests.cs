using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using ListServer.Store.Tables;

namespace ListServer.Store.Tests;

public sealed class ReplayTests : StoreFixture
{
    [Theory]
    [InlineData(1, 50_000_000)]
    [InlineData(2, 60_000)]
    public async Task A_replay_from_the_beginning_or_from_a_copy_gives_the_same_tables(int seed, long checkpointOctets)
    {
        var options = new StoreOptions(Folder) { CheckpointOctets = checkpointOctets };
        await LiveAsync(options, new Random(seed));
        var before = Dump();
        before.Count.ShouldBeGreaterThan(100);
        for (var i = 0; i < 2; i++)
        {
            File.Delete(PathOf("lists.settled"));
            await Open(options).DisposeAsync();
            Dump().ShouldBe(before);
        }

        File.Exists(PathOf("lists.copy")).ShouldBe(checkpointOctets < 1_000_000);
    }

    private async Task LiveAsync(StoreOptions options, Random random)
    {
        var posts = new List<Post>();
        for (var life = 0; life < 3; life++)
        {
            await using var store = Open(options);
            for (var i = 0; i < 80; i++)
            {
                await store.CommitAsync(AnyChanges(store, posts, random), Cancel);
            }
        }
    }

    private static ImmutableArray<Change> AnyChanges(ListStore store, List<Post> posts, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return [Sample.NewMembers(random.Next(300), random.Next(1, 40))];
            case 1:
                return [new MembersRemoved(Sample.List, [.. store.Members(Sample.List, null, 1000).Where(_ => random.Next(5) == 0).Select(m => m.Address)])];
            case 2:
                posts.Add(Sample.NewPost(random.Next(3) == 0 ? PostState.Held : PostState.Accepted));
                return [new PostSaved(posts[^1]), new TraceAdded(posts[^1].Id, [new TraceEvent(Sample.Start, TraceStage.Reception, "taken", "")])];
            case 3 when store.Posts(null, PostState.Accepted, null, 1) is [var post]:
                return [new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), [Sample.NewGroup(post, Sample.NewId(), "one.example", random.Next(1, 9))])];
            case 4 when store.Queue.TakeDue("one.example") is { } lease:
                using (lease)
                {
                    var settled = lease.Waiting.Where(_ => random.Next(2) == 0).Select(w => new RecipientOutcome(w, RecipientState.Delivered));
                    return [new GroupProgress(lease.Group.Id, [.. settled], lease.Attempts + 1, Sample.Start, "250 ok")];
                }

            default:
                return [new DomainSaved(new MailDomain($"d{random.Next(20)}.example")), new DomainRemoved($"d{random.Next(20)}.example")];
        }
    }

    /// <summary>All entries that LiteDB holds, in words.</summary>
    private List<string> Dump()
    {
        using var lite = LiteTable.Open(PathOf("lists.db"), (_, _) => throw new InvalidOperationException());
        return lite.Scan(new KeyRange("a", "z"), descending: false, 100_000).ConvertAll(e => $"{e.Key} {Convert.ToHexString(e.Value!)}");
    }
}
