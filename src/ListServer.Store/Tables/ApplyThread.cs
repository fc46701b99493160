using ListServer.Store.Journal;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Tables;

/// <summary>The one thread that writes to LiteDB: brings it up to date in batches, keeps a copy of it from time to time, and cuts the journal then.</summary>
internal sealed partial class ApplyThread
{
    private const int SoonCount = 10_000;
    private const int MaxPending = 50_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StallPause = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly StoreOptions _options;
    private readonly MergedTable _table;
    private readonly LiteTable _lite;
    private readonly JournalFile _journal;
    private readonly TableFiles _files;
    private readonly Pruning _pruning;
    private readonly IDisk _disk;
    private readonly Action<Exception> _failed;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private bool _isIdle;
    private bool _isStopping;
    private bool _isSettled;
    private volatile bool _isStalled;
    private volatile bool _isFaulted;

    /// <summary>Starts the thread.</summary>
    public ApplyThread(
        StoreOptions options,
        MergedTable table,
        LiteTable lite,
        JournalFile journal,
        TableFiles files,
        Pruning pruning,
        IDisk disk,
        Action<Exception> failed,
        ILogger logger)
    {
        _options = options;
        _table = table;
        _lite = lite;
        _journal = journal;
        _files = files;
        _pruning = pruning;
        _disk = disk;
        _failed = failed;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "store apply" };
        _thread.Start();
    }

    /// <summary>A copy of large tables takes longer, so it is made less often.</summary>
    private long CopyThreshold => Math.Max(_options.CheckpointOctets, Math.Min(_lite.DataOctets / 4, 4 * _options.CheckpointOctets));

    /// <summary>There is something to do.</summary>
    public void Notice()
    {
        lock (_gate)
        {
            if (_isIdle || _table.PendingCount >= SoonCount)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Returns while memory may take more; waits for LiteDB otherwise.</summary>
    /// <exception cref="IOException">LiteDB takes nothing: the disk is nearly full.</exception>
    public void WaitForRoom()
    {
        lock (_gate)
        {
            while (_table.PendingCount > MaxPending)
            {
                if (_isStalled || _isFaulted)
                {
                    throw new IOException("The disk is nearly full: the tables take nothing more.");
                }

                Monitor.PulseAll(_gate);
                Monitor.Wait(_gate, StallPause);
            }
        }
    }

    /// <summary>Brings LiteDB up to date and ends. True when its file may be trusted at the next start.</summary>
    public bool Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        return _isSettled;
    }

    private void Run()
    {
        var isLast = false;
        while (!isLast && !_isFaulted)
        {
            lock (_gate)
            {
                WaitForWork();
                isLast = _isStopping;
            }

            Work(isLast);
        }
    }

    /// <summary>Waits until there is something, and then a little for more: what lives shorter than that never reaches LiteDB.</summary>
    private void WaitForWork()
    {
        _isIdle = true;
        while (!_isStopping && _table.PendingCount == 0)
        {
            Monitor.Wait(_gate);
        }

        _isIdle = false;
        if (!_isStopping && (_isStalled || _table.PendingCount < SoonCount))
        {
            Monitor.Wait(_gate, _isStalled ? StallPause : Pause);
        }
    }

    private void Work(bool isLast)
    {
        try
        {
            if (HasRoom())
            {
                Apply();
                Checkpoint(isLast);
                _isSettled = isLast;
            }
        }
        catch (IOException failure) when (failure is not StoreException)
        {
            Stall(failure);
        }
#pragma warning disable CA1031 // The outermost loop of the thread: whatever LiteDB throws, the store must say that it can't go on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _isFaulted = true;
            _failed(failure);
        }
    }

    private void Apply()
    {
        var (entries, sequence) = _table.Freeze();
        if (!entries.IsEmpty)
        {
            _lite.Apply(entries, sequence);
            _table.Thaw();
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Checkpoint(bool isLast)
    {
        if (isLast)
        {
            _lite.Checkpoint();
        }

        if (_journal.TotalOctets > CopyThreshold && _disk.FreeOctets(_options.Folder) > _options.ReserveOctets + _lite.DataOctets)
        {
            _pruning.RemoveOutlived();
            _lite.Checkpoint();
            _files.Copy(_lite.Sequence);
            _journal.CutThrough(_lite.Sequence);
        }
    }

    /// <summary>Better not to begin than to be refused half-way.</summary>
    private bool HasRoom()
    {
        var free = _disk.FreeOctets(_options.Folder);
        var isStalled = free < _options.ReserveOctets;
        if (isStalled && !_isStalled)
        {
            LogStalled(free);
        }

        _isStalled = isStalled;
        return !isStalled;
    }

    /// <summary>What was frozen stays so, and is applied again a little later.</summary>
    private void Stall(IOException failure)
    {
        LogFailure(failure);
        _isStalled = true;
        Thread.Sleep(StallPause);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk is nearly full ({Free} octets): changes stay in the journal until there is room")]
    private partial void LogStalled(long free);

    [LoggerMessage(Level = LogLevel.Error, Message = "The tables could not be written; trying again")]
    private partial void LogFailure(Exception failure);
}
