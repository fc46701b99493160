using System.Diagnostics;
using System.Runtime;
using System.Security.Cryptography;
using ListServer.Outbound;
using Microsoft.Extensions.Logging;

namespace ListServer.Load;

/// <summary>Runs a plan and measures it, against the raw cost of signing and against what the sink takes from a plain client.</summary>
internal static class LoadRun
{
    private const int MostWarmUps = 10;
    private const int SettledMethods = 100;
    private static readonly TimeSpan CompilerPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs it; ends by the token only, when deliveries do not come to an end.</summary>
    public static async Task<LoadReport> RunAsync(LoadPlan plan, string dataFolder, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var rsa = Rsa();
        await using var stage = await LoadStage.SetAsync(plan, dataFolder, time, logs, cancellationToken);
        var posts = stage.Posts(plan.Posts);
        var ceiling = await CeilingAsync(stage, plan, posts[0], cancellationToken);
        var file = Path.Combine(dataFolder, "posts");
        var warmUps = await WarmUpAsync(stage, plan, file, time, cancellationToken);
        LoadClient.Write(file, posts);

        var (cpu, begun) = (Cpu(), time.GetUtcNow());
        await stage.PostAsync(file, cancellationToken);
        var accepted = time.GetUtcNow();
        var count = await stage.DeliveredAsync(plan.Deliveries, cancellationToken);
        var (ended, spent) = (time.GetUtcNow(), Cpu() - cpu);
        return new LoadReport
        {
            Plan = plan,
            WarmUps = warmUps,
            Delivered = count.Recipients,
            IsExact = count.Recipients == plan.Deliveries && count.Distinct == plan.Members,
            WallSeconds = (ended - begun).TotalSeconds,
            CpuSeconds = spent.TotalSeconds,
            FirstCopyMilliseconds = (count.FirstAt!.Value - begun).TotalMilliseconds,
            AcceptedPerSecond = plan.Posts / (accepted - begun).TotalSeconds,
            RsaPerCpuSecond = rsa,
            CeilingPerSecond = ceiling,
            PeakMebibytes = Peak(),
        };
    }

    /// <summary>
    /// A server runs for months, but the first posts of a process pay for the compiler, which looks again at what runs often, and for the first
    /// look at the members: so posts are sent until the compiler is done. Answers how many.
    /// </summary>
    private static async Task<int> WarmUpAsync(LoadStage stage, LoadPlan plan, string file, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var rounds = 1; ; rounds++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await stage.Sink.ClearAsync(cancellationToken);
            LoadClient.Write(file, stage.Posts(plan.Round));
            await stage.PostAsync(file, cancellationToken);
            await stage.DeliveredAsync((long)plan.Round * plan.Members, cancellationToken);
            // The compiler works in the background: on a busy machine it needs a moment to itself.
            await Task.Delay(CompilerPause, time, cancellationToken);
            if (rounds == MostWarmUps || JitInfo.GetCompiledMethodCount() - compiled < SettledMethods)
            {
                await stage.Sink.ClearAsync(cancellationToken);
                return rounds * plan.Round;
            }
        }
    }

    private static double Rsa()
    {
        using var key = RSA.Create(2048);
        var hash = new byte[32];
        var (begun, count) = (Cpu(), 0);
        do
        {
            key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            count++;
        }
        while (count % 64 != 0 || Cpu() - begun < Turn);
        return count / (Cpu() - begun).TotalSeconds;
    }

    // Two connections, as many as the processors that the peers' figures were taken on.
    private static async Task<double> CeilingAsync(LoadStage stage, LoadPlan plan, byte[] post, CancellationToken cancellationToken)
    {
        var recipients = plan.Mode is not LoadMode.Shared ? 1 : Math.Clamp(plan.Members / plan.Destinations, 1, 100);
        var transaction = new OutboundTransaction(
            LoadAuthor.Address, [.. Enumerable.Range(0, recipients).Select(i => $"plain{i}@d0.load.example")], CopyOctets.Whole(post));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(stage.SendToSinkAsync(Repeated(), cancellationToken), stage.SendToSinkAsync(Repeated(), cancellationToken));
        return (await stage.Sink.CountAsync(0, cancellationToken)).Recipients / watch.Elapsed.TotalSeconds;

        IEnumerable<OutboundTransaction> Repeated()
        {
            do
            {
                yield return transaction;
            }
            while (watch.Elapsed < Turn);
        }
    }

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static double Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
