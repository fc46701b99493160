namespace ListServer.Benchmarks;

/// <summary>How often something was done, and the CPU time of the whole process that it took: garbage collection and compiler included.</summary>
internal readonly record struct Rate(long Count, double CpuSeconds)
{
    private const int Batch = 50;

    public double PerCpuSecond => Count / CpuSeconds;

    public double Microseconds => CpuSeconds / Count * 1e6;

    /// <summary>Does the work until it has cost that much CPU time.</summary>
    public static Rate Of(Action work, double cpuSeconds)
    {
        var (start, count) = (Spent(), 0L);
        while (true)
        {
            for (var i = 0; i < Batch; i++)
            {
                work();
            }

            count += Batch;
            if (Spent() - start is var spent && spent >= cpuSeconds)
            {
                return new Rate(count, spent);
            }
        }
    }

    /// <summary>The better one: what disturbs a run on a shared machine only ever makes it slower.</summary>
    public Rate Best(Rate other) => Count > 0 && PerCpuSecond >= other.PerCpuSecond ? this : other;

    private static double Spent() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
