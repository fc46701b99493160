namespace ListServer.Smtp;

/// <summary>What we wait for.</summary>
internal enum WaitingFor
{
    Command,
    Message,
    Handshake,
}

/// <summary>
/// A chess clock: it runs only while the peer is to move. The session switches it; the roster reads it from another thread.
/// </summary>
internal sealed class Patience(TimeProvider clock, int minDataRate)
{
    private const long Stopped = long.MaxValue;

    private long _since = Stopped;
    private long _carried;
    private volatile WaitingFor _waitingFor;

    public WaitingFor WaitingFor => _waitingFor;

    /// <summary>How long the peer has kept us waiting; null while it is our turn.</summary>
    public TimeSpan? Waited
    {
        get
        {
            var since = Volatile.Read(ref _since);
            return since == Stopped ? null : clock.GetElapsedTime(since);
        }
    }

    /// <summary>Sets the clock to zero for the next thing to wait for.</summary>
    public void Begin(WaitingFor what)
    {
        _carried = 0;
        _waitingFor = what;
        Volatile.Write(ref _since, Stopped);
    }

    /// <summary>The clock runs on from where it stood.</summary>
    public void PeerTurn()
    {
        if (_since == Stopped)
            Volatile.Write(ref _since, clock.GetTimestamp() - _carried);
    }

    /// <summary>The clock stops.</summary>
    public void OurTurn()
    {
        if (_since == Stopped)
            return;
        _carried = clock.GetTimestamp() - _since;
        Volatile.Write(ref _since, Stopped);
    }

    /// <summary>
    /// Octets buy time at the minimal rate, but never more than was used up: a fast start is no credit for a long pause (SEC-10).
    /// </summary>
    public void Credit(long octets) => _carried = Math.Max(0, _carried - (octets * clock.TimestampFrequency / minDataRate));
}
