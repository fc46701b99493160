namespace ListServer.Soak;

/// <summary>SEC-5, SEC-6: hosts that refuse, defer, drop, dawdle and break TLS. The good ones are not kept waiting, and nobody is called in a tight loop.</summary>
internal static class HostileHosts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder, int rounds, TextWriter output)
    {
        await using var world = await World.MakeAsync(folder, 5, Enum.GetValues<Conduct>());
        await world.Server.StartAsync();
        var posts = Math.Max(rounds, 5);
        var refused = 0;
        for (var i = 0; i < posts; i++)
        {
            refused += await world.PostAsync(CancellationToken.None) == 250 ? 0 : 1;
        }

        var missing = await world.SettleAsync(world.Members(Conduct.Good, Conduct.Greylists, Conduct.BreaksTls), Patience);
        var before = world.Server.CpuTime;
        await Task.Delay(Watch, CancellationToken.None);
        var busy = (world.Server.CpuTime - before) / Watch;

        // A group is tried at once and then at growing distances from two seconds on: in the time this runs, six times at most.
        var most = 6 * posts;
        var calls = new[] { Conduct.Defers, Conduct.DropsInData, Conduct.IsSlow, Conduct.Refuses }.ToDictionary(conduct => conduct, world.Opened);
        await output.WriteLineAsync(
            $"hosts: {posts} posts, {missing.Count} deliveries missing at hosts that take mail, {string.Join(", ", calls.Select(call => $"{call.Key} called {call.Value} times"))}, {busy:P0} of a core while waiting");
        return
        [
            .. missing.Take(10).Select(what => $"hosts: kept waiting or lost: {what}"),
            .. calls.Where(call => call.Value > most).Select(call => $"hosts: {call.Key} was called {call.Value} times for {posts} posts"),
            .. busy > 0.5 ? [$"hosts: {busy:P0} of a core in use while nothing can be done"] : Array.Empty<string>(),
            .. refused > 0 ? [$"hosts: {refused} of {posts} posts were refused"] : Array.Empty<string>(),
        ];
    }
}
