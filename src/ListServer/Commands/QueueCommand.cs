using System.CommandLine;
using ListServer.Admin.Posts;

namespace ListServer.Commands;

/// <summary>listserver queue</summary>
internal static class QueueCommand
{
    public static Command Build()
    {
        var queue = new Command("queue", "Shows what waits to be delivered, by destination.");
        queue.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseQueue(),
            (summaries, output) =>
            {
                foreach (var summary in summaries)
                {
                    output.WriteLine($"{summary.Destination}\t{summary.Waiting} waiting\toldest {summary.Oldest:yyyy-MM-dd HH:mm:ss}\tnext {summary.NextAttempt:HH:mm:ss}\t{summary.LastReply}");
                }

                output.WriteLine($"{summaries.Sum(summary => summary.Waiting)} recipients wait for {summaries.Count} destinations");
            },
            cancellationToken));
        return queue;
    }
}
