namespace ListServer.Smtp;

/// <summary>
/// All open connections of an endpoint. It sends away who keeps us waiting too long, and the longest waiting of all when the house
/// is full, so that a flood of idle or slow peers never locks out one who has something to say (SEC-10). Safe from many threads.
/// </summary>
internal sealed class SessionRoster(SmtpLimits limits)
{
    /// <summary>For a peer that was sent away to take its 421 and go.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly HashSet<SmtpWire> _wires = [];
    private readonly int _roomToMake = Math.Max(1, limits.MaxConnections / 64);
    private int _staying;

    public int Count
    {
        get
        {
            lock (_lock)
                return _wires.Count;
        }
    }

    /// <summary>False when there is no room and nobody who could make some.</summary>
    public bool TryEnter(SmtpWire wire)
    {
        lock (_lock)
        {
            if (_staying >= limits.MaxConnections && !TryMakeRoom())
                return false;
            _wires.Add(wire);
            _staying++;
            return true;
        }
    }

    public void Leave(SmtpWire wire)
    {
        lock (_lock)
        {
            if (_wires.Remove(wire) && !wire.IsCut)
                _staying--;
        }
    }

    /// <summary>To be called about once a second.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            var load = (double)_staying / limits.MaxConnections;
            foreach (var wire in _wires.ToArray())
            {
                if (wire.IsCut && wire.SinceCut > FarewellTime)
                    wire.Abort();
                else if (!wire.IsCut && wire.Patience.Waited > Allowance(wire.Patience.WaitingFor, load))
                    SendAway(wire, Farewell.Timeout);
            }
        }
    }

    public void SendAllAway(Farewell farewell)
    {
        lock (_lock)
        {
            foreach (var wire in _wires.ToArray())
                SendAway(wire, farewell);
        }
    }

    public void AbortAll()
    {
        lock (_lock)
        {
            foreach (var wire in _wires.ToArray())
                wire.Abort();
        }
    }

    private TimeSpan Allowance(WaitingFor what, double load)
    {
        var calm = what switch
        {
            WaitingFor.Handshake => limits.HandshakeTimeout,
            WaitingFor.Message => limits.DataTimeout,
            _ => limits.CommandTimeout,
        };
        if (load <= 0.5 || calm <= limits.StressedTimeout)
            return calm;
        var stress = Math.Min(1, (load - 0.5) * 2);
        return calm - ((calm - limits.StressedTimeout) * stress);
    }

    /// <summary>Sends a few away at once, so that a flood does not have the whole house searched for each of its connections.</summary>
    private bool TryMakeRoom()
    {
        var waiting = new PriorityQueue<SmtpWire, TimeSpan>();
        foreach (var wire in _wires)
        {
            if (wire.IsCut || wire.Patience.Waited is not { } waited)
                continue;
            if (waiting.Count < _roomToMake)
                waiting.Enqueue(wire, waited);
            else
                waiting.EnqueueDequeue(wire, waited);
        }
        var hasRoom = waiting.Count > 0;
        while (waiting.TryDequeue(out var wire, out _))
            SendAway(wire, Farewell.Overload);
        return hasRoom;
    }

    private void SendAway(SmtpWire wire, Farewell farewell)
    {
        if (wire.IsCut)
            return;
        wire.Cut(farewell);
        _staying--;
    }
}
