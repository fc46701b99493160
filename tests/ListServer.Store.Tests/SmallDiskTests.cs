using System.Diagnostics;
using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Tables;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Tests;

/// <summary>SEC-3 on a disk that is really full: a file system of 24 MiB in memory, where the test may mount one.</summary>
public sealed class SmallDiskTests : StoreFixture
{
    private string Disk => PathOf("disk");

    [Theory]
    [InlineData(0)]
    [InlineData(4 << 20)]
    public async Task A_disk_that_is_full_loses_nothing_and_goes_on_once_there_is_room(int reserve)
    {
        await using var disk = await MountAsync();
        var options = new StoreOptions(Path.Combine(Disk, "data")) { ReserveOctets = reserve, CheckpointOctets = 2 << 20 };
        var known = new List<int>();
        await using (var store = ListStore.Open(options, Time, Log))
        {
            await FillDiskAsync(store, known);
            File.Delete(Path.Combine(Disk, "ballast"));
            await WaitAsync(() => TryCommitAsync(store, known, 1_000_000));
            await Should.NotThrowAsync(() => store.Spool.StoreAsync(Sample.NewId(), new byte[100_000], Cancel));
            Check(store, known);
            store.Failed.IsCancellationRequested.ShouldBeFalse(string.Join('\n', Log.At(LogLevel.Critical)));
        }

        await using var again = ListStore.Open(options, Time, Log);
        Check(again, known);
        Log.At(LogLevel.Critical).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_tables_stay_readable_when_the_disk_refuses_them_and_take_the_same_entries_again()
    {
        await using var disk = await MountAsync();
        await File.WriteAllBytesAsync(Path.Combine(Disk, "ballast"), new byte[19 << 20], Cancel);
        using var table = LiteTable.Open(Path.Combine(Disk, "t.db"), (_, _) => throw new InvalidOperationException());
        var entries = Enumerable.Range(0, 900).Select(i => new Entry($"k{i:D5}", new byte[15_000])).ToList();
        table.Apply(entries[..50], 1);
        for (var i = 0; i < 3; i++)
        {
            Should.Throw<IOException>(() => table.Apply(entries, 2)).ShouldNotBeOfType<StoreDamagedException>();
            table.Scan(KeyRange.Of("k"), false, 1000).Count.ShouldBeGreaterThanOrEqualTo(50);
            table.Sequence.ShouldBe(1);
        }

        File.Delete(Path.Combine(Disk, "ballast"));
        table.Apply(entries, 2);
        table.Checkpoint();
        table.Scan(KeyRange.Of("k"), false, 1000).Select(e => (e.Key, e.Value!.Length)).ShouldBe(entries.Select(e => (e.Key, 15_000)));
    }

    private static async Task FillDiskAsync(ListStore store, List<int> known)
    {
        await File.WriteAllBytesAsync(Path.Combine(store.Folder, "..", "ballast"), new byte[14 << 20], Cancel);
        var refused = 0;
        for (var i = 0; refused < 50; i++)
        {
            refused += await TryCommitAsync(store, known, i) ? 0 : 1;
        }

        await Should.ThrowAsync<IOException>(() => store.Spool.StoreAsync(Sample.NewId(), new byte[1 << 20], Cancel));
    }

    private static async Task<bool> TryCommitAsync(ListStore store, List<int> known, int i)
    {
        try
        {
            await store.CommitAsync([new DomainSaved(Domain(i)), new TraceAdded(Sample.NewId(), [new TraceEvent(Sample.Start, TraceStage.Queue, "", new string('x', 20_000))])], Cancel);
            known.Add(i);
            return true;
        }
        catch (IOException)
        {
            await Task.Delay(20, Cancel);
            return false;
        }
    }

    private static void Check(ListStore store, List<int> known) => store.Domains.Select(d => d.Name).ShouldBe(known.Select(i => Domain(i).Name), ignoreOrder: true);

    private static MailDomain Domain(int i) => new($"d{i}.example");

    private static async Task WaitAsync(Func<Task<bool>> isDone)
    {
        var watch = Stopwatch.StartNew();
        while (!await isDone())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        }
    }

    private async Task<Mounted> MountAsync()
    {
        Directory.CreateDirectory(Disk);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", Disk), "Mounting is not allowed here.");
        return new Mounted(Disk);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Cancel);
        return process.ExitCode == 0;
    }

    private sealed class Mounted(string path) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await RunAsync("umount", path);
    }
}
