namespace ListServer.Outbound;

/// <summary>When to try again (SEC-6): 5 minutes after the first attempt, then twice as long each time, up to 4,000 s.</summary>
public static class Backoff
{
    private const double Jitter = 0.25;

    /// <summary>The pause behind an attempt. Chance makes it up to a quarter longer, lest what failed together comes back together.</summary>
    /// <param name="options">The first and the longest pause.</param>
    /// <param name="attempts">How many attempts there were; 1 or more.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan Pause(OutboundOptions options, int attempts, double chance)
    {
        var longest = options.LastRetry.TotalSeconds / (1 + Jitter);
        var seconds = Math.Min(options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Min(attempts, 30) - 1), longest) * (1 + (Jitter * chance));
        return TimeSpan.FromSeconds(Math.Clamp(seconds, options.FirstRetry.TotalSeconds, options.LastRetry.TotalSeconds));
    }
}
