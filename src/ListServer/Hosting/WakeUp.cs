using System.Threading.Channels;

namespace ListServer.Hosting;

/// <summary>Wakes a loop. However many calls come while it is at work, it looks once more, and that finds all.</summary>
/// <remarks>Any number call, one waits.</remarks>
internal sealed class WakeUp(TimeProvider time)
{
    // A timer takes no more than some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something to do.</summary>
    public void Call() => _calls.Writer.TryWrite(true);

    /// <summary>Returns at a call, when the time is over, or when it is cancelled; may return before.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = Task.Delay(pause < Longest && pause != Timeout.InfiniteTimeSpan ? pause : Longest, time, woken.Token);
        var call = _calls.Reader.ReadAsync(woken.Token).AsTask();
        await Task.WhenAny(timer, call).ConfigureAwait(false);
        await woken.CancelAsync().ConfigureAwait(false);
    }
}
