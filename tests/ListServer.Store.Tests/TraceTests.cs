using System.Globalization;
using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Tables;

namespace ListServer.Store.Tests;

/// <summary>A post's history, line by line.</summary>
public sealed class TraceTests : StoreFixture
{
    [Fact]
    public async Task Lines_that_come_soon_after_one_another_are_one_entry_of_the_database_and_stay_in_order()
    {
        var store = Open();
        var post = Sample.NewId();
        await AddAsync(store, post, 0, 60);
        store.Trace(post).Select(line => line.Detail).ShouldBe(Names(60));
        await store.DisposeAsync();
        Entries(post).ShouldBe([50, 10]);

        store = Open();
        await AddAsync(store, post, 60, 3);
        store.Trace(post).Select(line => line.Detail).ShouldBe(Names(63));
        await store.DisposeAsync();
        Entries(post).ShouldBe([50, 10, 3]);
    }

    [Fact]
    public async Task After_a_kill_each_line_is_there_once()
    {
        var store = Open();
        var (post, other) = (Sample.NewId(), Sample.NewId());
        await AddAsync(store, post, 0, 5);
        await store.DisposeAsync();
        store = Open();
        await Task.WhenAll(AddAsync(store, post, 5, 20), AddAsync(store, other, 0, 20));
        await store.DisposeAsync();
        File.Delete(PathOf("lists.settled"));
        store = Open();
        store.Trace(post).Select(line => line.Detail).ShouldBe(Names(25));
        store.Trace(other).Select(line => line.Detail).ShouldBe(Names(20));
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture));

    private static async Task AddAsync(ListStore store, string post, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            await store.CommitAsync(new TraceAdded(post, [new TraceEvent(Sample.Start, TraceStage.Delivery, "delivered", i.ToString(CultureInfo.InvariantCulture))]), Cancel);
        }
    }

    private int[] Entries(string post)
    {
        using var lite = LiteTable.Open(PathOf("lists.db"), (_, _) => throw new InvalidOperationException());
        return [.. lite.Scan(KeyRange.Of(TableKey.Traces(post)), descending: false, 100).Select(e => e.Read<TraceEvent[]>().Length)];
    }
}
