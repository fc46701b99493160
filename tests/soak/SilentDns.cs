namespace ListServer.Soak;

/// <summary>SEC-4: a name server that says nothing. Every post is answered in time, none for good, and none is lost.</summary>
internal static class SilentDns
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MostForAnAnswer = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder, int rounds, TextWriter output)
    {
        await using var world = await World.MakeAsync(folder, 5, Conduct.Good, Conduct.Good);
        await world.Server.StartAsync();
        world.Dns.IsSilent = true;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var codes = await Task.WhenAll(Enumerable.Range(0, Math.Max(rounds, 4)).Select(_ => world.PostAsync(CancellationToken.None)));
        var slowest = watch.Elapsed;
        world.Dns.IsSilent = false;

        // What failed may be remembered for some seconds.
        var recovered = false;
        for (watch.Restart(); !recovered && watch.Elapsed < MostForAnAnswer;)
        {
            recovered = await world.PostAsync(CancellationToken.None) == 250;
        }

        var missing = await world.SettleAsync(world.Members(Conduct.Good), Patience);
        await output.WriteLineAsync(
            $"dns: {codes.Length} posts while it was silent: {codes.Count(code => code == 250)} taken, {codes.Count(code => code is >= 400 and < 500)} put off, slowest answer {slowest.TotalSeconds:0.0} s; taking posts {watch.Elapsed.TotalSeconds:0.0} s after; {missing.Count} deliveries missing");
        return
        [
            .. missing.Take(10).Select(what => $"dns: lost {what}"),
            .. codes.Where(code => code is 0 or >= 500).Select(code => $"dns: a post was answered with {code}"),
            .. slowest > MostForAnAnswer ? [$"dns: an answer took {slowest.TotalSeconds:0} s"] : Array.Empty<string>(),
            .. recovered ? Array.Empty<string>() : ["dns: no post is taken though it answers again"],
        ];
    }
}
