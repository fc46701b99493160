using System.Diagnostics;

namespace ListServer.Soak;

/// <summary>SEC-3: a disk that fills, kill -9 while it is full, a start on a read-only one. Only 4xx meanwhile, nothing lost, back by itself.</summary>
internal static class FullDisk
{
    private const int DiskMiB = 160;
    private const long Step = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder, int rounds, TextWriter output)
    {
        if (!await MountAsync("-t", "tmpfs", "-o", $"size={DiskMiB}m", "tmpfs", folder))
        {
            await output.WriteLineAsync("disk: not run: this user may not mount a file system in memory");
            return [];
        }

        try
        {
            return await RunOnAsync(folder, Math.Clamp(rounds / 10, 1, 30), output);
        }
        finally
        {
            using var unmount = Process.Start("umount", folder);
            await unmount.WaitForExitAsync();
        }
    }

    private static async Task<IReadOnlyList<string>> RunOnAsync(string folder, int rounds, TextWriter output)
    {
        var data = Path.Combine(folder, "data");
        await using var world = await World.MakeAsync(data, 5, Conduct.Good, Conduct.Good);
        await world.Server.StartAsync();
        var (faults, slowest) = (new List<string>(), TimeSpan.Zero);
        for (var round = 0; round < rounds; round++)
        {
            await FillAsync(folder, world, faults);
            if (round % 2 == 0)
            {
                await world.Server.KillAsync();
                File.Delete(Path.Combine(folder, "ballast"));
                await world.Server.StartAsync();
            }

            File.Delete(Path.Combine(folder, "ballast"));
            var watch = Stopwatch.StartNew();
            while (await world.PostAsync(CancellationToken.None) is var code && code != 250 && watch.Elapsed < BackWithin)
            {
                faults.AddRange(code >= 500 ? [$"disk: a post was answered with {code}"] : Array.Empty<string>());
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        faults.AddRange(slowest > BackWithin ? [$"disk: not back after {BackWithin.TotalSeconds} s"] : Array.Empty<string>());
        faults.AddRange(await ReadOnlyAsync(folder, world));
        var missing = await world.SettleAsync(world.Members(Conduct.Good), Patience);
        await output.WriteLineAsync(
            $"disk: filled {rounds} times, {world.Books.Acknowledged.Count} posts acknowledged, {missing.Count} deliveries missing, back within {slowest.TotalSeconds:0.0} s");
        return [.. missing.Take(10).Select(what => $"disk: lost {what}"), .. faults];
    }

    /// <summary>Posts while the room shrinks to nothing, until posts are put off.</summary>
    private static async Task FillAsync(string folder, World world, List<string> faults)
    {
        await using var ballast = File.Create(Path.Combine(folder, "ballast"));
        for (var code = 250; code is not (>= 400 and < 500);)
        {
            try
            {
                await ballast.WriteAsync(new byte[Step]);
                await ballast.FlushAsync();
            }
            catch (IOException)
            {
                // Full to the last octet.
            }

            code = await world.PostAsync(CancellationToken.None);
            if (code is 0 or >= 500)
            {
                faults.Add($"disk: a post was answered with {code}");
                return;
            }
        }
    }

    /// <summary>Starts on a read-only folder, which must fail with words, and then on the same one made writable.</summary>
    private static async Task<IReadOnlyList<string>> ReadOnlyAsync(string folder, World world)
    {
        await world.Server.KillAsync();
        await MountAsync("-o", "remount,ro", folder);
        var faults = new List<string>();
        try
        {
            await world.Server.StartAsync();
            faults.Add("disk: the server started on a read-only folder");
        }
        catch (InvalidOperationException problem)
        {
            faults.AddRange(problem.Message.Contains("can't start", StringComparison.Ordinal) ? Array.Empty<string>() : [$"disk: read-only: {problem.Message}"]);
        }

        await MountAsync("-o", "remount,rw", folder);
        await world.Server.DisposeAsync();
        await world.Server.StartAsync();
        return faults;
    }

    private static async Task<bool> MountAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
