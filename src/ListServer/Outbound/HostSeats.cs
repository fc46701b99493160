using System.Net;

namespace ListServer.Outbound;

/// <summary>
/// The connections to each MX host, whatever the domains: many domains share one host, and each has a pace of its own. Who finds all seats taken waits a little.
/// </summary>
/// <param name="most">So many to one host.</param>
/// <param name="time">For the wait.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class HostSeats(int most, TimeProvider time)
{
    /// <summary>Longer, and those who wait would hold up other hosts' mail.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, Host> _hosts = [];

    /// <summary>True when there is a seat now.</summary>
    public bool IsFree(IPEndPoint address)
    {
        lock (_gate)
        {
            return !_hosts.TryGetValue(address, out var host) || host.Taken < most;
        }
    }

    /// <summary>True when somebody waits for a seat: an idle connection is in the way.</summary>
    public bool IsWanted(IPEndPoint address)
    {
        lock (_gate)
        {
            return _hosts.TryGetValue(address, out var host) && host.Waiting.Count > 0;
        }
    }

    /// <summary>Takes a seat, to be disposed when its connection is closed; null when none came free in time.</summary>
    public async ValueTask<IDisposable?> TakeAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<bool>> turn;
        lock (_gate)
        {
            if (!_hosts.TryGetValue(address, out var host))
            {
                _hosts.Add(address, host = new Host());
            }

            if (host.Taken < most)
            {
                host.Taken++;
                return new Seat(this, address);
            }

            turn = host.Waiting.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var end = either.Token.UnsafeRegister(_ => GiveUp(turn), null);
        return await turn.Value.Task.ConfigureAwait(false) ? new Seat(this, address) : null;
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource<bool>> turn)
    {
        lock (_gate)
        {
            turn.List?.Remove(turn);
        }

        // A seat that came at the same moment is kept.
        turn.Value.TrySetResult(false);
    }

    private void Leave(IPEndPoint address)
    {
        lock (_gate)
        {
            var host = _hosts[address];
            while (host.Waiting.First is { } next)
            {
                host.Waiting.RemoveFirst();
                if (next.Value.TrySetResult(true))
                {
                    return;
                }
            }

            if (--host.Taken == 0)
            {
                _hosts.Remove(address);
            }
        }
    }

    private sealed class Host
    {
        public int Taken { get; set; }

        public LinkedList<TaskCompletionSource<bool>> Waiting { get; } = [];
    }

    private sealed class Seat(HostSeats seats, IPEndPoint address) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                seats.Leave(address);
            }
        }
    }
}
