using System.Net;

namespace ListServer.Outbound;

/// <summary>Keeps open connections for the next courier of their lane, and all of them together under one limit.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ConnectionPool(OutboundOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Idle> _idle = [];
    private int _inUse;

    /// <summary>
    /// Takes a place for one connection, with a connection of the lane in it if there is one. The place is given back by <see cref="Return"/>.
    /// </summary>
    public async ValueTask<SmtpClientConnection?> RentAsync(string lane)
    {
        lock (_gate)
        {
            _inUse++;
        }

        while (TakeLatest(lane) is { } idle)
        {
            if (idle.Connection.IsAlive)
            {
                return idle.Connection;
            }

            await idle.Connection.DisposeAsync().ConfigureAwait(false);
        }

        if (TakeOldestIfFull() is { } victim)
        {
            await victim.Connection.QuitAsync().ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Closes the connection to a host that has been idle longest, if there is one.</summary>
    public async ValueTask CloseOldestAsync(IPEndPoint host)
    {
        Idle? oldest;
        lock (_gate)
        {
            oldest = _idle.FirstOrDefault(i => i.Connection.Hop.EndPoint.Equals(host));
            if (oldest is not null)
            {
                Remove(oldest);
            }
        }

        await (oldest?.Connection.QuitAsync() ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <summary>Gives a place back, with the connection in it or without.</summary>
    public void Return(string lane, SmtpClientConnection? connection)
    {
        lock (_gate)
        {
            _inUse--;
            if (connection is not null)
            {
                var idle = new Idle(lane, connection);
                _idle.AddLast(idle);
                idle.Timer = time.CreateTimer(_ => Expire(idle), null, options.IdleTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<Idle> all;
        lock (_gate)
        {
            all = [.. _idle];
            all.ForEach(Remove);
        }

        await Task.WhenAll(all.Select(i => i.Connection.QuitAsync())).ConfigureAwait(false);
    }

    private Idle? TakeLatest(string lane)
    {
        lock (_gate)
        {
            var idle = _idle.LastOrDefault(i => i.Lane == lane);
            if (idle is not null)
            {
                Remove(idle);
            }

            return idle;
        }
    }

    private Idle? TakeOldestIfFull()
    {
        lock (_gate)
        {
            if (_inUse + _idle.Count <= options.Concurrency || _idle.First is not { Value: var oldest })
            {
                return null;
            }

            Remove(oldest);
            return oldest;
        }
    }

    private void Expire(Idle idle)
    {
        lock (_gate)
        {
            if (!_idle.Contains(idle))
            {
                return;
            }

            Remove(idle);
        }

        _ = idle.Connection.QuitAsync();
    }

    private void Remove(Idle idle)
    {
        _idle.Remove(idle);
        idle.Timer?.Dispose();
    }

    private sealed class Idle(string lane, SmtpClientConnection connection)
    {
        public string Lane => lane;

        public SmtpClientConnection Connection => connection;

        public ITimer? Timer { get; set; }
    }
}
