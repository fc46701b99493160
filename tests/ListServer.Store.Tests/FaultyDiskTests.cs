using ListServer.Lists;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Tests;

public sealed class FaultyDiskTests : StoreFixture
{
    private readonly FaultyDisk _disk = new();

    [Fact]
    public async Task A_full_disk_refuses_commits_and_takes_them_again_once_there_is_room()
    {
        var store = Open(_disk);
        await store.CommitAsync(new DomainSaved(new MailDomain("one.example")), Cancel);
        _disk.WriteFailsAfter = 40;
        for (var i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<IOException>(() => store.CommitAsync(new DomainSaved(new MailDomain("lost.example")), Cancel));
        }

        store.FindDomain("lost.example").ShouldBeNull();
        _disk.WriteFailsAfter = null;
        await store.CommitAsync(new DomainSaved(new MailDomain("two.example")), Cancel);
        await store.DisposeAsync();
        File.Delete(PathOf("lists.settled"));
        Open().Domains.Select(d => d.Name).ShouldBe(["one.example", "two.example"]);
        Log.At(LogLevel.Critical).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_journal_that_fails_to_sync_never_acknowledges_and_asks_for_a_restart()
    {
        var store = Open(_disk);
        await store.CommitAsync(new DomainSaved(new MailDomain("one.example")), Cancel);
        _disk.SyncFails = "journal";
        await Should.ThrowAsync<StoreException>(() => store.CommitAsync(new DomainSaved(new MailDomain("two.example")), Cancel));
        store.Failed.IsCancellationRequested.ShouldBeTrue();
        _disk.SyncFails = null;
        await Should.ThrowAsync<StoreException>(() => store.CommitAsync(new DomainSaved(new MailDomain("three.example")), Cancel));
        store.FindDomain("one.example").ShouldNotBeNull();
        await store.DisposeAsync();
        Open().Domains.Select(d => d.Name).ShouldBe(["one.example"]);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("tmp")]
    [InlineData("new")]
    public async Task Octets_that_did_not_reach_the_disk_are_refused_and_leave_nothing_behind(string where)
    {
        var store = Open(_disk);
        var id = Sample.NewId();
        _disk.WriteFailsAfter = where == "write" ? 100 : null;
        _disk.SyncFails = where == "write" ? null : $"spool/{where}";
        await Should.ThrowAsync<IOException>(() => store.Spool.StoreAsync(id, new byte[70_000], Cancel));
        store.Spool.Contains(id).ShouldBeFalse();
        Directory.GetFiles(PathOf("spool"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (_disk.WriteFailsAfter, _disk.SyncFails) = (null, null);
        await store.Spool.StoreAsync(id, new byte[70_000], Cancel);
        store.Spool.Contains(id).ShouldBeTrue();
    }

    [Fact]
    public async Task Room_is_one_and_a_half_times_the_message_limit()
    {
        await using var store = Open(_disk);
        _disk.Free = 1_500_000;
        store.Spool.HasRoomFor(1_000_000).ShouldBeTrue();
        store.Spool.HasRoomFor(1_000_001).ShouldBeFalse();
    }

    [Fact]
    public async Task A_nearly_full_disk_leaves_the_tables_alone_and_commits_go_on_in_the_journal()
    {
        _disk.Free = 1000;
        var store = Open(_disk, new StoreOptions(Folder) { ReserveOctets = 2000 });
        await store.CommitAsync([Sample.NewMembers(0, 2500), new DomainSaved(new MailDomain("one.example"))], Cancel);
        store.CountMembers(Sample.List).ShouldBe(2500);
        await store.DisposeAsync();
        File.Exists(PathOf("lists.settled")).ShouldBeFalse();
        Log.At(LogLevel.Error).ShouldContain(line => line.Contains("nearly full"));

        store = Open(_disk, new StoreOptions(Folder) { ReserveOctets = 500 });
        store.CountMembers(Sample.List).ShouldBe(2500);
        await store.DisposeAsync();
        File.Exists(PathOf("lists.settled")).ShouldBeTrue();
    }
}
