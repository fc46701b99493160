namespace ListServer.Outbound;

/// <summary>What shares one limit of connections: a destination domain, or all that goes to the smarthost.</summary>
/// <param name="name">As <see cref="MailRoutes.LaneOf"/> says.</param>
/// <param name="options">Its limits.</param>
/// <param name="time">For pauses.</param>
/// <param name="onFaster">Called when one more courier may go.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Lane(string name, OutboundOptions options, TimeProvider time, Action onFaster)
{
    private readonly Lock _gate = new();
    private Pace _pace = new(options.ConcurrencyPerDestination, options.FirstRetry);
    private int _active;

    public string Name => name;

    /// <summary>How many couriers are on it.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return _active;
            }
        }
    }

    public Pace Pace
    {
        get
        {
            lock (_gate)
            {
                return _pace;
            }
        }
    }

    /// <summary>True when one more courier may go now.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _active < _pace.Allowed && _pace.IsOpen(time.GetUtcNow());
            }
        }
    }

    /// <summary>False when an open connection is one too many for the next courier.</summary>
    public bool MayKeepOpen
    {
        get
        {
            lock (_gate)
            {
                return _active <= _pace.Allowed && _pace.IsOpen(time.GetUtcNow());
            }
        }
    }

    /// <summary>Why all couriers have to come home at once; null when they need not.</summary>
    public Outcome? Block => Pace.BlockedBy(time.GetUtcNow());

    public void Enter()
    {
        lock (_gate)
        {
            _active++;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _active--;
        }
    }

    /// <summary>An operator wants another try now.</summary>
    public void EndPause()
    {
        lock (_gate)
        {
            _pace = _pace.WithoutPause(time.GetUtcNow());
        }
    }

    /// <summary>Takes in what a transaction, or an attempt to connect, came to.</summary>
    public void Report(params IEnumerable<Outcome> outcomes)
    {
        bool isFaster;
        lock (_gate)
        {
            var before = _pace.Allowed;
            _pace = _pace.After(outcomes, _active, time.GetUtcNow(), Random.Shared.NextDouble());
            isFaster = _pace.Allowed > before;
        }

        if (isFaster)
        {
            onFaster();
        }
    }
}
