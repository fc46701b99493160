using System.Threading.Channels;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using Microsoft.Extensions.Logging;

namespace ListServer.Store;

/// <summary>Tells listeners what was committed and removes octets that nothing needs any more: in order, and away from the commit thread.</summary>
internal sealed partial class Announcer
{
    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Spool _spool;
    private readonly Action<IReadOnlyList<Change>> _tell;
    private readonly ILogger _logger;
    private readonly Task _running;

    public Announcer(Spool spool, Action<IReadOnlyList<Change>> tell, ILogger logger)
    {
        _spool = spool;
        _tell = tell;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    public void Add(IReadOnlyList<Change> changes, IReadOnlyCollection<string> freed) => _batches.Writer.TryWrite(new Batch(changes, freed));

    /// <summary>Completes once all is told.</summary>
    public Task StopAsync()
    {
        _batches.Writer.Complete();
        return _running;
    }

    private async Task RunAsync()
    {
        await foreach (var batch in _batches.Reader.ReadAllAsync())
        {
            try
            {
                foreach (var id in batch.Freed)
                {
                    _spool.Remove(id);
                }

                _tell(batch.Changes);
            }
#pragma warning disable CA1031 // The outermost loop: a listener's fault must not keep the next listener from hearing.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogListener(failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener failed on committed changes, or octets could not be removed")]
    private partial void LogListener(Exception failure);

    private sealed record Batch(IReadOnlyList<Change> Changes, IReadOnlyCollection<string> Freed);
}
