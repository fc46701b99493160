using System.Diagnostics;
using System.Text.Json;

namespace ListServer.Soak;

/// <summary>
/// Issue 4, item 5: kill -9 while announcements with "50 first" are sent. After each kill the books that are left are exact but for what was
/// in flight, none of the others gets a copy before somebody says so, and in the end nobody is left out.
/// </summary>
internal static class AnnouncedKills
{
    private const int First = 50;
    private const int MembersPerHost = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder, int rounds, TextWriter output)
    {
        await using var world = await World.MakeAsync(folder, MembersPerHost, Conduct.Unhurried, Conduct.Unhurried, Conduct.Unhurried, Conduct.Refuses);
        await ServerProcess.CommandAsync(folder, "list", "set", World.List, "--personalize");
        await world.Server.StartAsync();
        var run = new Run(world, folder);
        for (var announcement = 1; run.Kills < rounds && run.Faults.Count == 0; announcement++)
        {
            await run.AnnounceAsync($"a{announcement}");
        }

        var missing = await world.SettleAsync(world.Members(Conduct.Unhurried), Patience);
        var repeated = world.Books.RepeatedTransactions;
        await output.WriteLineAsync(
            $"announcements: {run.Kills} kills, {world.Books.Acknowledged.Count} announcements, {missing.Count} deliveries missing, {repeated} transactions repeated (at most {run.InFlight} were in flight)");
        return
        [
            .. run.Faults,
            .. missing.Take(10).Select(what => $"announcements: lost {what}"),
            .. repeated > run.InFlight ? [$"announcements: {repeated} transactions came twice, {run.InFlight} were in flight"] : Array.Empty<string>(),
        ];
    }

    private sealed class Run(World world, string folder)
    {
        public int Kills { get; private set; }

        public int InFlight { get; private set; }

        public List<string> Faults { get; } = [];

        public async Task AnnounceAsync(string name)
        {
            var file = Path.Combine(Path.GetTempPath(), $"soak-announcement-{Environment.ProcessId}.eml");
            await File.WriteAllTextAsync(file, $"From: News <news@lists.example>\r\nTo: {World.List}\r\nSubject: {name}\r\nMessage-ID: <{name}@lists.example>\r\n\r\nHello.\r\n");
            var sent = await ServerProcess.CommandAsync(folder, "announce", "send", World.List, file, "--first", $"{First}", "--then-on-resume", "--stop-at-refusals", "100%", "--json");
            File.Delete(file);
            world.Books.Acknowledge(name);
            using var answer = JsonDocument.Parse(sent);
            var id = answer.RootElement.GetProperty("id").GetString()!;

            await KillUntilAsync(id, name, First, at => at.Settled == First);
            await ServerProcess.CommandAsync(folder, "announce", "resume", id);
            await KillUntilAsync(id, name, int.MaxValue, at => at.State == "done");
        }

        /// <summary>Kills and starts until the announcement has come so far; so many may have had it by then, at the most.</summary>
        private async Task KillUntilAsync(string id, string name, int most, Predicate<Progress> isThere)
        {
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && Faults.Count == 0;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 400)), CancellationToken.None);
                var (open, opened) = (world.OpenConnections, world.Opened(Conduct.Unhurried));
                await world.Server.KillAsync();
                open += world.Opened(Conduct.Unhurried) - opened;
                (Kills, InFlight) = (Kills + 1, InFlight + open);

                // No server runs: what the command reads is what the kill has left.
                var left = await Progress.ReadAsync(folder, id);
                Check(left, name, open, most);
                await world.Server.StartAsync();
                if (isThere(left))
                {
                    return;
                }
            }

            Faults.Add($"announcements: {name} did not come to its end");
        }

        private void Check(Progress left, string name, int open, int most)
        {
            var arrived = world.Books.Arrived(name);
            if (left.Waiting + left.Settled != left.Recipients)
            {
                Faults.Add($"announcements: {name} does not add up: {left}");
            }

            if (left.Delivered > arrived || arrived > left.Delivered + open)
            {
                Faults.Add($"announcements: {name} says {left.Delivered} delivered, {arrived} arrived and {open} were in flight");
            }

            if (left.Settled > most || arrived > most)
            {
                Faults.Add($"announcements: of {name}, {arrived} copies arrived where {most} were to be first");
            }
        }
    }

    private sealed record Progress(string State, int Recipients, int Delivered, int Settled, int Waiting)
    {
        public static async Task<Progress> ReadAsync(string folder, string id)
        {
            using var shown = JsonDocument.Parse(await ServerProcess.CommandAsync(folder, "announce", "show", id, "--json"));
            int Number(string name) => shown.RootElement.GetProperty(name).GetInt32();
            return new Progress(
                shown.RootElement.GetProperty("state").GetString()!,
                Number("recipients"),
                Number("delivered"),
                Number("delivered") + Number("refused") + Number("expired") + Number("withdrawn") + Number("stopped"),
                Number("waiting"));
        }
    }
}
