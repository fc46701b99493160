using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Journal;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Tests;

public sealed class DamageTests : StoreFixture
{
    private const int Commits = 60;

    private string OnlySegment => Directory.GetFiles(PathOf("journal")).ShouldHaveSingleItem();

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60)]
    public async Task A_record_that_was_cut_off_at_the_journals_end_never_happened(int cut)
    {
        await FillAsync();
        Unsettle();
        using (var journal = new FileStream(OnlySegment, FileMode.Open))
        {
            journal.SetLength(journal.Length - cut);
        }

        var store = Open();
        Names(store).ShouldBe(Enumerable.Range(0, Commits - 1));
        await store.CommitAsync(new DomainSaved(Domain(100)), Cancel);
        await store.DisposeAsync();
        Unsettle();
        Names(Open()).ShouldBe([.. Enumerable.Range(0, Commits - 1), 100]);
        Log.At(LogLevel.Critical).ShouldBeEmpty();
        Log.At(LogLevel.Warning).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("noise")]
    [InlineData("mark")]
    public async Task What_an_interrupted_write_left_behind_is_cut_off(string kind)
    {
        await FillAsync();
        Unsettle();
        var left = new byte[5000];
        if (kind == "noise")
        {
            Random.Shared.NextBytes(left);
        }

        if (kind == "mark")
        {
            JournalRecord.Mark.CopyTo(left.AsSpan(4));
        }

        File.AppendAllBytes(OnlySegment, left);
        Names(Open()).ShouldBe(Enumerable.Range(0, Commits));
        Log.At(LogLevel.Critical).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_record_in_the_middle_is_reported_and_set_aside_and_all_others_are_kept()
    {
        await FillAsync();
        Unsettle();
        Overwrite(OnlySegment, "d30.example"u8, "dXX.example"u8);
        Names(Open()).ShouldBe(Enumerable.Range(0, Commits).Where(i => i != 30));
        Log.At(LogLevel.Critical).ShouldContain(line => line.Contains("lacks the records 31 to 31"));
        Directory.GetFiles(PathOf("damaged")).Select(File.ReadAllText).ShouldHaveSingleItem().ShouldContain("dXX.example");
    }

    [Fact]
    public async Task While_there_is_damage_no_spool_file_is_removed()
    {
        var id = Sample.NewId();
        var store = Open();
        await store.Spool.StoreAsync(id, "octets"u8.ToArray(), Cancel);
        await store.DisposeAsync();
        await FillAsync();
        Unsettle();
        Overwrite(OnlySegment, "d30.example"u8, "dXX.example"u8);
        File.WriteAllText(PathOf("spool", "tmp", "1"), "unfinished");
        Directory.CreateDirectory(PathOf("spool", "new", id[^2..]));
        File.WriteAllText(PathOf("spool", "new", id[^2..], id), "octets");
        Open().Spool.Contains(id).ShouldBeTrue();
        File.Exists(PathOf("spool", "tmp", "1")).ShouldBeFalse();
        Log.At(LogLevel.Warning).ShouldContain(line => line.Contains(id));
    }

    [Fact]
    public async Task Spool_files_that_no_record_refers_to_are_removed_at_start()
    {
        var store = Open();
        var (kept, forgotten) = (Sample.NewPost(), Sample.NewId());
        await store.Spool.StoreAsync(kept.Id, "octets"u8.ToArray(), Cancel);
        await store.Spool.StoreAsync(forgotten, "octets"u8.ToArray(), Cancel);
        await store.CommitAsync(new PostSaved(kept), Cancel);
        await store.DisposeAsync();
        store = Open();
        store.Spool.Contains(kept.Id).ShouldBeTrue();
        store.Spool.Contains(forgotten).ShouldBeFalse();
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("empty")]
    [InlineData("half")]
    [InlineData("gone")]
    [InlineData("other")]
    public async Task A_damaged_database_file_is_rebuilt_from_the_journal(string kind)
    {
        await FillAsync();
        await DamageDatabaseAsync(kind);
        var store = Open();
        Names(store).ShouldBe(Enumerable.Range(0, Commits));
        await store.DisposeAsync();
        Names(Open()).ShouldBe(Enumerable.Range(0, Commits));
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("empty")]
    [InlineData("half")]
    [InlineData("gone")]
    [InlineData("other")]
    public async Task A_damaged_database_file_is_rebuilt_from_its_copy_and_the_journal_behind_it(string kind)
    {
        await FillBeyondCopyAsync();
        await DamageDatabaseAsync(kind);
        var store = Open();
        Names(store).ShouldBe(Enumerable.Range(0, 2 * Commits));
        store.CountMembers(Sample.List).ShouldBe(3000);
        if (kind is "noise" or "half" or "other")
        {
            Log.At(LogLevel.Critical).ShouldContain(line => line.Contains("rebuilt") && line.Contains("set aside"));
        }
    }

    [Fact]
    public async Task The_journal_is_cut_once_a_copy_holds_what_it_held()
    {
        await FillBeyondCopyAsync();
        File.Exists(PathOf("lists.copy")).ShouldBeTrue();
        JournalFolder.Segments(PathOf("journal"))[0].First.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_damaged_copy_is_set_aside_and_the_database_file_used_as_it_is()
    {
        await FillBeyondCopyAsync();
        Unsettle();
        using (var copy = new FileStream(PathOf("lists.copy"), FileMode.Open))
        {
            copy.Position = copy.Length / 2;
            copy.Write("damage"u8);
        }

        var store = Open();
        Names(store).ShouldBe(Enumerable.Range(0, 2 * Commits));
        Log.At(LogLevel.Critical).ShouldContain(line => line.Contains("lists.copy"));
    }

    [Fact]
    public async Task When_nothing_is_left_to_rebuild_from_the_store_says_so()
    {
        await FillBeyondCopyAsync();
        Unsettle();
        File.Delete(PathOf("lists.copy"));
        Should.Throw<StoreDamagedException>(() => Open()).Message.ShouldContain("the journal begins at");
        Should.Throw<StoreDamagedException>(() => Open()).Message.ShouldContain("the journal begins at");
    }

    [Fact]
    public async Task A_flipped_octet_inside_the_database_file_is_noticed_and_harms_one_entry_only()
    {
        await FillAsync();
        Overwrite(PathOf("lists.db"), "\"d30.example\""u8, "\"d3X.example\""u8);
        Names(Open()).ShouldBe(Enumerable.Range(0, Commits).Where(i => i != 30));
        Log.At(LogLevel.Critical).ShouldHaveSingleItem().ShouldContain("dd30.example");
    }

    [Fact]
    public async Task A_queue_group_that_cannot_be_read_is_set_aside_and_the_others_move_on()
    {
        var store = Open();
        var post = Sample.NewPost();
        var groups = new[] { Sample.NewGroup(post, Sample.NewId(), "one.example", 2), Sample.NewGroup(post, Sample.NewId(), "two.example", 1) };
        await store.CommitAsync([new PostSaved(post), new PostQueued(post.Id, 1, [.. groups])], Cancel);
        await store.DisposeAsync();
        Overwrite(PathOf("lists.db"), "r1@one.example"u8, "r1@oXe.example"u8);
        store = Open();
        store.Queue.TakeDue(10).ShouldHaveSingleItem().Group.Destination.ShouldBe("two.example");
        store.Queue.TakeDue(10).ShouldBeEmpty();
        Log.At(LogLevel.Critical).ShouldContain(line => line.Contains(groups[0].Id));
        store.Queue.Summaries().Sum(s => s.Waiting).ShouldBe(3);
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await FillAsync();
        Unsettle();
        var record = new System.Buffers.ArrayBufferWriter<byte>();
        new JournalRecord(Commits + 1, Commits + 1, """[{"$type":"from-the-future"}]"""u8.ToArray()).WriteTo(record);
        File.AppendAllBytes(OnlySegment, record.WrittenSpan);
        Should.Throw<StoreDamagedException>(() => Open()).Message.ShouldContain("newer version");
        Should.Throw<StoreDamagedException>(() => Open()).Message.ShouldContain("newer version");
    }

    private static MailDomain Domain(int i) => new($"d{i}.example");

    private static IEnumerable<int> Names(ListStore store) =>
        store.Domains.Select(d => int.Parse(d.Name[1..^8], System.Globalization.CultureInfo.InvariantCulture)).Order();

    private static void Overwrite(string path, ReadOnlySpan<byte> what, ReadOnlySpan<byte> with)
    {
        var octets = File.ReadAllBytes(path);
        var at = octets.AsSpan().IndexOf(what);
        at.ShouldBeGreaterThan(0);
        with.CopyTo(octets.AsSpan(at));
        File.WriteAllBytes(path, octets);
    }

    private void Unsettle() => File.Delete(PathOf("lists.settled"));

    private async Task FillAsync()
    {
        await using var store = Open();
        for (var i = 0; i < Commits; i++)
        {
            await store.CommitAsync(new DomainSaved(Domain(i)), Cancel);
        }
    }

    /// <summary>Enough for several segments, so that a copy is kept and the journal cut; then a little more.</summary>
    private async Task FillBeyondCopyAsync()
    {
        var options = new StoreOptions(Folder) { CheckpointOctets = 200_000 };
        await FillAsync();
        await using (var store = Open(options))
        {
            for (var i = 0; i < 30; i++)
            {
                await store.CommitAsync(Sample.NewMembers(i * 100, 100), Cancel);
            }
        }

        await using var again = Open();
        await Task.WhenAll(Enumerable.Range(Commits, Commits).Select(i => again.CommitAsync(new DomainSaved(Domain(i)), Cancel)));
    }

    private async Task DamageDatabaseAsync(string kind)
    {
        var path = PathOf("lists.db");
        switch (kind)
        {
            case "noise":
                var noise = new byte[50_000];
                Random.Shared.NextBytes(noise);
                await File.WriteAllBytesAsync(path, noise, Cancel);
                break;
            case "empty":
                await File.WriteAllBytesAsync(path, [], Cancel);
                break;
            case "half":
                using (var file = new FileStream(path, FileMode.Open))
                {
                    file.SetLength(8192);
                }

                break;
            case "gone":
                File.Delete(path);
                break;
            case "other":
                File.Delete(path);
                Tables.LiteTable.Open(path, (_, _) => { }).Dispose();
                break;
        }
    }
}
