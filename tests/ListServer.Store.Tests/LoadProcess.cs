using System.Collections.Immutable;
using System.Diagnostics;
using ListServer.Lists;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Store.Tests;

/// <summary>A process that takes posts, queues and delivers them without end, and says on its output what the store acknowledged.</summary>
internal static class LoadProcess
{
    public const string Argument = "--load";
    public const int RecipientsPerPost = 4;

    private const int Workers = 8;

    /// <summary>Starts it; killed by the caller.</summary>
    public static Process Start(string folder) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Argument, folder])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task RunAsync(string folder)
    {
        await using var store = ListStore.Open(new StoreOptions(folder) { CheckpointOctets = 200_000 }, TimeProvider.System, NullLogger.Instance);
        Console.WriteLine("ready");
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(store)));
    }

    private static async Task WorkAsync(ListStore store)
    {
        while (true)
        {
            var post = Sample.NewPost();
            await store.CommitAsync([new PostSaved(post), .. await Sample.KeepAsync(store, post.Id, new byte[2000]), new TraceAdded(post.Id, [new TraceEvent(post.ReceivedAt, TraceStage.Reception, "taken", "")])], CancellationToken.None);
            Console.WriteLine($"accepted {post.Id}");
            await QueueAsync(store, post);
        }
    }

    private static async Task QueueAsync(ListStore store, Post post)
    {
        var group = Sample.NewGroup(post, Sample.NewId(), $"d{Random.Shared.Next(20)}.example", RecipientsPerPost);
        var kept = await Sample.KeepAsync(store, group.CopyId, new byte[2500]);
        var serial = store.ReserveSerial(post.List, post.Id);
        await store.CommitAsync([new PostQueued(post.Id, serial, [group]), .. kept], CancellationToken.None);
        Console.WriteLine($"queued {post.Id} {serial}");
        for (var i = 0; i < RecipientsPerPost - Random.Shared.Next(2); i++)
        {
            ImmutableArray<RecipientOutcome> settled = [new(i, RecipientState.Delivered)];
            await store.CommitAsync(new GroupProgress(group.Id, settled, 1, Sample.Start, "250 ok"), CancellationToken.None);
            Console.WriteLine($"settled {post.Id}");
        }
    }
}
