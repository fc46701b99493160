using System.Globalization;
using ListServer.Lists;

namespace ListServer.Store.Tests;

/// <summary>SEC-1: what was acknowledged survives kill -9. More kills by the environment: STORE_KILLS=200.</summary>
public sealed class KillTests : StoreFixture
{
    private const int KillsInCi = 5;

    private readonly HashSet<string> _accepted = [];
    private readonly Dictionary<string, long> _queued = [];
    private readonly Dictionary<string, int> _settled = [];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed_under_load()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("STORE_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : KillsInCi;
        for (var kill = 0; kill < kills; kill++)
        {
            await RunAndKillAsync(Random.Shared.Next(40, 200));
            if (kill % 3 == 2)
            {
                await using var store = Open();
                Check(store);
            }
        }

        _queued.Count.ShouldBeGreaterThan(10);
        await using var last = Open();
        Check(last);
    }

    private async Task RunAndKillAsync(int afterLines)
    {
        using var process = LoadProcess.Start(Folder);
        (await process.StandardOutput.ReadLineAsync(Cancel)).ShouldBe("ready");
        for (var i = 0; i < afterLines; i++)
        {
            Note(await process.StandardOutput.ReadLineAsync(Cancel));
        }

        process.Kill();
        var rest = await process.StandardOutput.ReadToEndAsync(Cancel);
        (await process.StandardError.ReadToEndAsync(Cancel)).ShouldBeEmpty();
        await process.WaitForExitAsync(Cancel);
        foreach (var line in rest.Split('\n').SkipLast(1))
        {
            Note(line);
        }
    }

    private void Note(string? line)
    {
        var words = line.ShouldNotBeNull().Split(' ');
        var id = words[1];
        switch (words[0])
        {
            case "accepted":
                _accepted.Add(id);
                break;
            case "queued":
                _queued.Add(id, long.Parse(words[2], CultureInfo.InvariantCulture));
                break;
            case "settled":
                _settled[id] = _settled.GetValueOrDefault(id) + 1;
                break;
        }
    }

    private void Check(ListStore store)
    {
        Log.At(Microsoft.Extensions.Logging.LogLevel.Critical).ShouldBeEmpty();
        foreach (var id in _accepted)
        {
            var post = store.FindPost(id).ShouldNotBeNull();
            store.Trace(id).ShouldHaveSingleItem();
            store.Spool.Contains(id).ShouldBe(post.State == PostState.Accepted || store.Queue.OfPost(id).Count > 0);
        }

        foreach (var (id, serial) in _queued)
        {
            var post = store.FindPost(id)!;
            (post.State, post.Serial).ShouldBe((PostState.Distributed, serial));
            var tally = store.FindTally(id)!;
            tally.Recipients.ShouldBe(LoadProcess.RecipientsPerPost);
            tally.Delivered.ShouldBeGreaterThanOrEqualTo(_settled.GetValueOrDefault(id));
            store.Queue.OfPost(id).Sum(s => s.Waiting).ShouldBe(tally.Waiting);
        }

        var serials = store.Posts(Sample.List, PostState.Distributed, null, int.MaxValue).Select(p => p.Serial).Order().ToList();
        serials.ShouldBeUnique();
        serials.ShouldBe(Enumerable.Range(1, serials.Count).Select(i => (long)i).Where(serials.Contains));
    }
}
