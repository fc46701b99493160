using System.Diagnostics.CodeAnalysis;

namespace ListServer.Store.Files;

/// <summary>
/// Work for threads of their own. Who waits here sleeps: a BlockingCollection spins before it does, and the disk's threads wait so often and so
/// long that the spinning cost a tenth of all processor time.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
internal sealed class WorkQueue<T>
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = [];
    private bool _isComplete;

    /// <summary>Hands in work.</summary>
    /// <exception cref="InvalidOperationException">The queue is closed.</exception>
    public void Add(T item)
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                throw new InvalidOperationException("It is closed: no more work is taken.");
            }

            _items.Enqueue(item);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work; false when the queue is closed and nothing is left.</summary>
    public bool Take([MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_isComplete)
            {
                Monitor.Wait(_gate);
            }

            return _items.TryDequeue(out item);
        }
    }

    /// <summary>Takes work that is there.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            return _items.TryDequeue(out item);
        }
    }

    /// <summary>Closes the queue; what is in it is still to be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }
}
