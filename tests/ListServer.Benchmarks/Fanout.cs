using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ListServer.Benchmarks;

/// <summary>
/// The speed that issue 4 asks of delivery: posts of 4 KB and 60 KB to lists of each size, shared and personal, each by `listserver load` in a
/// process of its own, so that its memory and its compiler's work are its own too.
/// </summary>
internal static class Fanout
{
    private const int PeerMembers = 10_000;
    private const int PeerRounds = 3;
    private const int Connections = 16;
    private const int Small = 4_096;
    private const int Large = 61_440;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "listserver");

    /// <summary>Runs all, prints a table and what the issue asks. Answers how many of that were missed.</summary>
    /// <param name="sizes">Members of the lists, ascending.</param>
    public static int Run(int[] sizes)
    {
        Console.WriteLine($"load average {File.ReadAllText("/proc/loadavg").Trim()}");
        Console.WriteLine($"{"",-32}{"a second",10}{"a CPU s",10}{"of RSA",9}{"of sink",9}{"peak MiB",10}{"first ms",10}");
        var (shared, verp) = (Mlmmj("shared"), Mlmmj("verp"));
        var reports = new Dictionary<(string Mode, int Octets, int Members), JsonElement>();
        foreach (var mode in new[] { "shared", "personal" })
        {
            foreach (var octets in new[] { Small, Large })
            {
                foreach (var members in sizes)
                {
                    reports[(mode, octets, members)] = Measure($"{mode} {octets / 1024} KB x {members}", $"load --mode {mode} --size {octets} --members {members}");
                }
            }
        }

        var reversePaths = Measure($"verp 4 KB x {PeerMembers}", $"load --mode verp --size {Small} --members {PeerMembers}");
        var distant = Measure("personal, 30 ms a reply", $"load --mode personal --members {sizes[0]} --reply-delay 30");
        var posts = Measure("posts to ten members", "load posts");
        var disk = SyncedFiles();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"the disk, files of 4 KB synced",-32}{disk,10:N0}"));
        var (few, middle, many) = (sizes[0], sizes[sizes.Length / 2], sizes[^1]);
        (string Name, double Value, double Bound, bool AtLeast)[] lines =
        [
            ("times mlmmj's unsigned shared rate", reports[("shared", Small, middle)].Number("deliveriesPerCpuSecond") / shared.PerCpuSecond, 1.5, true),
            ("times mlmmj's VERP rate, signed once", reversePaths.Number("deliveriesPerCpuSecond") / verp.PerCpuSecond, 2, true),
            ("of the raw RSA-2048 rate, personal", reports[("personal", Small, middle)].Number("ofRsa"), 0.65, true),
            ("personal deliveries a second with 30 ms a reply", distant.Number("deliveriesPerSecond"), 1_000, true),
            ($"ms to the first copy of a list of {middle}", reports[("shared", Small, middle)].Number("firstCopyMilliseconds"), 300, false),
            ("posts to ten members a CPU second", posts.Number("postsPerCpuSecond"), 400, true),
            ("posts accepted a second over 16 connections", posts.Number("acceptedPerSecond"), Math.Min(1_000, disk / 2), true),
            ($"MiB at the most for {many} personal copies", reports[("personal", Small, many)].Number("peakMebibytes"), 300, false),
            ($"times the memory for {middle}", reports[("personal", Small, many)].Number("peakMebibytes") / reports[("personal", Small, middle)].Number("peakMebibytes"), 1.2, false),
            ($"times the cost of a personal delivery to {few}", reports[("personal", Small, few)].Number("deliveriesPerCpuSecond") / reports[("personal", Small, many)].Number("deliveriesPerCpuSecond"), 1.15, false),
        ];
        Console.WriteLine();
        foreach (var (name, value, bound, atLeast) in lines)
        {
            Console.WriteLine($"{(IsMet(value, bound, atLeast) ? "PASS" : "FAIL")}  {value,10:#,0.00} {name} ({(atLeast ? "at least" : "at most")} {bound})");
        }

        return lines.Count(line => !IsMet(line.Value, line.Bound, line.AtLeast));
    }

    private static Rate Mlmmj(string mode)
    {
        var best = default(Rate);
        for (var i = 0; i < PeerRounds; i++)
        {
            best = best.Best(Peer.Mlmmj(Program, PeerMembers, mode).Run());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{$"mlmmj, {mode} 4 KB x {PeerMembers}",-32}{"",10}{best.PerCpuSecond,10:N0}"));
        return best;
    }

    /// <summary>How many files of a post's size the disk takes a second, each synced, from as many writers as there are connections.</summary>
    private static double SyncedFiles()
    {
        var folder = Directory.CreateTempSubdirectory("benchmarks-disk");
        var (octets, watch, count) = (new byte[Small], Stopwatch.StartNew(), 0);
        Task.WaitAll([.. Enumerable.Range(0, Connections).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; watch.Elapsed < TimeSpan.FromSeconds(2); i++)
                {
                    using var file = File.Create(Path.Combine(folder.FullName, $"{writer}-{i}"));
                    file.Write(octets);
                    file.Flush(flushToDisk: true);
                    Interlocked.Increment(ref count);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        var rate = count / watch.Elapsed.TotalSeconds;
        folder.Delete(recursive: true);
        return rate;
    }

    private static bool IsMet(double value, double bound, bool atLeast) => atLeast ? value >= bound : value <= bound;

    private static double Number(this JsonElement report, string name) => report.GetProperty(name).GetDouble();

    private static JsonElement Measure(string name, string arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(Program, arguments + " --json") { RedirectStandardOutput = true })!;
        var text = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"listserver {arguments} ended with {run.ExitCode}.");
        }

        var report = JsonElement.Parse(text);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-32}{report.Number("deliveriesPerSecond"),10:N0}{report.Number("deliveriesPerCpuSecond"),10:N0}{report.Number("ofRsa"),9:P0}{report.Number("ofCeiling"),9:P0}{report.Number("peakMebibytes"),10:N0}{report.Number("firstCopyMilliseconds"),10:N0}"));
        return report;
    }
}
