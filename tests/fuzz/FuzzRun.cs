using System.Runtime.InteropServices;

namespace ListServer.Fuzz;

/// <summary>Feeds a parser: no exception may come out, and no case may cost more CPU time than allowed.</summary>
internal static class FuzzRun
{
    /// <summary>What a case of 1 MiB may cost on a quiet machine, in seconds.</summary>
    public const double Limit = 0.050;

    private const int Attempts = 8;

    /// <summary>The first case that breaks the rule and what it did, or null.</summary>
    public static (byte[] Case, string Fault)? Try(FuzzTarget target, Mutator mutator, int cases, double limit = Limit)
    {
        for (var i = 0; i < cases; i++)
        {
            var octets = mutator.Next(target);
            if (Fault(target, octets, limit) is { } fault)
            {
                return (octets, fault);
            }
        }

        return null;
    }

    /// <summary>What the parser did wrong with these octets, or null. A slow case is tried again: the compiler may have been at work.</summary>
    public static string? Fault(FuzzTarget target, byte[] octets, double limit)
    {
        var allowed = limit * Math.Max(1, octets.Length / 1048576.0);
        var best = double.MaxValue;
        for (var i = 0; i < Attempts && best > allowed; i++)
        {
            var start = ThreadSeconds();
            try
            {
                target.Read(octets);
            }
#pragma warning disable CA1031 // Which exceptions come out is what is asked here.
            catch (Exception e)
            {
                return e.ToString();
            }
#pragma warning restore CA1031
            best = Math.Min(best, ThreadSeconds() - start);
        }

        return best > allowed ? FormattableString.Invariant($"{best * 1000:0} ms for {octets.Length} octets") : null;
    }

    private static double ThreadSeconds()
    {
        const int threadClock = 3; // CLOCK_THREAD_CPUTIME_ID
        _ = ClockGetTime(threadClock, out var time);
        return time.Seconds + (time.Nanoseconds / 1e9);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
