using CsCheck;
using ListServer.Lists.Bounces;
using ListServer.Store.Changes;
using ListServer.Store.Tables;

namespace ListServer.Store.Tests;

public sealed class TableTests : StoreFixture
{
    [Fact]
    public void A_merged_table_reads_like_one_sorted_dictionary()
    {
        using var lite = LiteTable.Open(PathOf("t.db"), (_, _) => throw new InvalidOperationException());
        var table = new MergedTable(lite);
        var model = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var sequence = 0L;
        var random = new Random(7);
        for (var round = 0; round < 30; round++)
        {
            var entries = Enumerable.Range(0, random.Next(1, 200)).Select(_ => NewEntry(random)).DistinctBy(e => e.Key).ToList();
            table.Add(entries, ++sequence);
            entries.ForEach(e => Put(model, e));
            if (round % 7 == 3)
            {
                var (frozen, upTo) = table.Freeze();
                lite.Apply(frozen, upTo);
                if (round % 2 == 0)
                {
                    table.Thaw();
                }
            }

            Compare(table, model, random);
        }

        lite.Sequence.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_gone_before_LiteDB_saw_it_never_gets_there_and_what_LiteDB_saw_is_removed_from_it()
    {
        using var lite = LiteTable.Open(PathOf("t.db"), (_, _) => throw new InvalidOperationException());
        var table = new MergedTable(lite);
        table.Add([New("short"), New("long"), New("changed")], 1);
        table.Add([new Entry("short", null), new Entry("changed", [2])], 2);
        table.PendingCount.ShouldBe(2);
        table.Add([new Entry("changed", null)], 3);
        table.PendingCount.ShouldBe(1);
        lite.Apply(table.Freeze().Entries, 3);
        table.Add([new Entry("long", null)], 4);
        table.Find("long").ShouldBeNull();
        table.Thaw();
        table.Find("long").ShouldBeNull();
        lite.Apply(table.Freeze().Entries, 4);
        table.Thaw();
        lite.Scan(KeyRange.Of(""), descending: false, 10).ShouldBeEmpty();

        static Entry New(string key) => new(key, [1]) { IsNew = true };
    }

    [Fact]
    public void What_was_looked_up_is_looked_up_again_once_it_was_written()
    {
        using var lite = LiteTable.Open(PathOf("t.db"), (_, _) => throw new InvalidOperationException());
        lite.Find("key").ShouldBeNull();
        lite.Apply([new Entry("key", [1])], 1);
        lite.Find("key").ShouldNotBeNull().Value.ShouldBe([1]);
        lite.Apply([new Entry("key", [2])], 2);
        lite.Find("key").ShouldNotBeNull().Value.ShouldBe([2]);
        lite.Find("key").ShouldNotBeNull().Value.ShouldBe([2]);
        lite.Remove(["key"]);
        lite.Find("key").ShouldBeNull();
    }

    [Fact]
    public void Keys_of_one_kind_never_stand_among_those_of_another() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 8], Gen.String[Gen.Char['a', 'z'], 1, 8]).Sample((list, address) =>
        {
            var range = KeyRange.Of(TableKey.Members(list));
            bool Within(string key) => string.CompareOrdinal(key, range.From) >= 0 && string.CompareOrdinal(key, range.To) < 0;
            return Within(TableKey.Member(list, address)) && !Within(TableKey.Member(list + "x", address)) && TableKey.ListOf(TableKey.Member(list, address)) == list;
        });

    [Fact]
    public void Message_ids_questions_policies_counts_of_TLS_bounce_scores_and_closed_incidents_are_forgotten_once_they_have_outlived_their_use()
    {
        using var lite = LiteTable.Open(PathOf("t.db"), (_, _) => throw new InvalidOperationException());
        var pruning = new Pruning(lite, Time, TimeSpan.FromDays(4));
        var draft = Draft.Of(new MergedTable(lite)).Begin(1);
        var post = Sample.NewPost();
        new PostSaved(post).ApplyTo(draft);
        new ConfirmationSaved(new Confirmation("hash", ConfirmationKind.Join, Sample.List, "a@one.example", Sample.Start.AddDays(3))).ApplyTo(draft);
        new StsPolicySaved(new KeptStsPolicy("one.example", "1", "version: STSv1", Sample.Start, Sample.Start.AddDays(3))).ApplyTo(draft);
        new TlsCounted([new TlsTally(DateOnly.FromDateTime(Sample.Start.UtcDateTime), "one.example", TlsPolicyKind.Sts)]).ApplyTo(draft);
        draft.Put(TableKey.BounceScore(Sample.List, "a@one.example"), new BounceScore(1, Sample.Start, "550"));
        var incident = new Incident(Sample.List, "one.example", IncidentCause.Content, "", Sample.Start, Sample.Start, 1, "550");
        draft.Put(TableKey.Incident(Sample.List, "open"), incident);
        draft.Put(TableKey.Incident(Sample.List, "closed"), incident with { ClosedAt = Sample.Start });
        lite.Apply(draft.Entries, 1);
        pruning.RemoveOutlived();
        Kinds().ShouldBe("bchioprwxx");
        Time.Advance(TimeSpan.FromDays(3.5));
        pruning.RemoveOutlived();
        Kinds().ShouldBe("bhioprxx");
        Time.Advance(TimeSpan.FromDays(1));
        pruning.RemoveOutlived();
        Kinds().ShouldBe("bhoprxx");
        Time.Advance(TimeSpan.FromDays(2.5));
        pruning.RemoveOutlived();
        Kinds().ShouldBe("hoprxx");
        Time.Advance(TimeSpan.FromDays(84));
        pruning.RemoveOutlived();
        Kinds().ShouldBe("hopx");

        string Kinds() => string.Concat(lite.Scan(new KeyRange("a", "z"), descending: false, 100).Select(e => e.Key[0]));
    }

    [Fact]
    public async Task Readers_are_right_while_entries_move_to_the_database_and_checkpoints_happen()
    {
        var store = Open(new StoreOptions(Folder) { CheckpointOctets = 200_000 });
        await store.CommitAsync(Sample.NewMembers(0, 3000), Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() => Read(store, new Random(seed), stop.Token))).ToArray();
        for (var i = 0; i < 12; i++)
        {
            readers.ShouldAllBe(r => !r.IsFaulted, string.Join('\n', readers.Select(r => r.Exception)));
            await store.CommitAsync([Sample.NewMembers(3000 + (i * 250), 250), Sample.NewMembers(0, 250)], Cancel);
        }

        await stop.CancelAsync();
        (await Task.WhenAll(readers)).Sum().ShouldBeGreaterThan(10);
        store.CountMembers(Sample.List).ShouldBe(6000);
        store.Receivers(Sample.List).Count.ShouldBe(6000);
    }

    private static int Read(ListStore store, Random random, CancellationToken stop)
    {
        var reads = 0;
        for (; !stop.IsCancellationRequested; reads++)
        {
            var i = random.Next(3000);
            store.FindMember(Sample.List, $"member{i:D6}@d{i % 200:D3}.example").ShouldNotBeNull();
            var page = store.Members(Sample.List, $"member{i:D6}", 50);
            page.Select(m => m.Address).ShouldBe(Enumerable.Range(i, page.Count).Select(k => $"member{k:D6}@d{k % 200:D3}.example"));
        }

        return reads;
    }

    private static Entry NewEntry(Random random)
    {
        var value = new byte[random.Next(20)];
        random.NextBytes(value);
        return new Entry($"k{random.Next(3000):D5}", random.Next(3) == 0 ? null : value);
    }

    private static void Put(SortedDictionary<string, byte[]> model, Entry entry)
    {
        if (entry.Value is null)
        {
            model.Remove(entry.Key);
        }
        else
        {
            model[entry.Key] = entry.Value;
        }
    }

    private static void Compare(MergedTable table, SortedDictionary<string, byte[]> model, Random random)
    {
        var (a, b) = ($"k{random.Next(3000):D5}", $"k{random.Next(3000):D5}");
        var range = string.CompareOrdinal(a, b) < 0 ? new KeyRange(a, b) : new KeyRange(b, a);
        var expected = model.Keys.Where(k => string.CompareOrdinal(k, range.From) >= 0 && string.CompareOrdinal(k, range.To) < 0).ToList();
        var limit = random.Next(1, 600);
        table.Scan(range, limit).Select(e => e.Key).ShouldBe(expected.Take(limit));
        table.Walk(range).Select(e => e.Key).ShouldBe(expected);
        expected.Reverse();
        table.Scan(range, limit, descending: true).Select(e => e.Key).ShouldBe(expected.Take(limit));
        table.Walk(range, descending: true).Select(e => e.Key).ShouldBe(expected);
        (table.Find(a)?.Value).ShouldBe(model.GetValueOrDefault(a));
    }
}
