namespace ListServer.Soak;

/// <summary>SEC-1: kill -9 at random moments under load. Nothing acknowledged is lost; what comes twice was in flight.</summary>
internal static class Kills
{
    private const int Posters = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder, int rounds, TextWriter output)
    {
        await using var world = await World.MakeAsync(folder, 10, Conduct.Good, Conduct.Good, Conduct.Good, Conduct.Greylists);
        var inFlight = 0;
        for (var round = 0; round < rounds; round++)
        {
            await world.Server.StartAsync();
            using var stop = new CancellationTokenSource();
            var posting = Enumerable.Range(0, Posters).Select(_ => PostAllAsync(world, stop.Token)).ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, 1500)), CancellationToken.None);
            inFlight += world.OpenConnections;
            await world.Server.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(posting);
        }

        await world.Server.StartAsync();
        var missing = await world.SettleAsync(world.Members(Conduct.Good, Conduct.Greylists), Patience);
        var repeated = world.Books.RepeatedTransactions;
        await output.WriteLineAsync(
            $"kills: {rounds} kills, {world.Books.Acknowledged.Count} posts acknowledged, {missing.Count} deliveries missing, {repeated} transactions repeated (at most {inFlight} were in flight), slowest start {world.Server.SlowestStart.TotalSeconds:0.0} s");
        return
        [
            .. missing.Take(10).Select(what => $"kills: lost {what}"),
            .. repeated > inFlight ? [$"kills: {repeated} transactions came twice, {inFlight} were in flight"] : Array.Empty<string>(),
            .. world.Books.Acknowledged.Count < rounds ? [$"kills: only {world.Books.Acknowledged.Count} posts were taken"] : Array.Empty<string>(),
        ];
    }

    private static async Task PostAllAsync(World world, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await world.PostAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }
}
