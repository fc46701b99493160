using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ListServer.Smtp;

/// <summary>Listens on one endpoint and speaks SMTP or LMTP with who comes. Several may run at once, each with its own limits.</summary>
/// <remarks>Start and stop are for one caller; the rest is safe from many threads.</remarks>
public sealed class SmtpListener : IHostedService, IAsyncDisposable
{
    /// <summary>What one connection may have in its pipes: enough to keep a transfer going, too little to fill memory with.</summary>
    private const int PipeSize = 64 * 1024;

    private const int Backlog = 4096;

    /// <summary>How long the reception may take to notice that a session was torn off.</summary>
    private static readonly TimeSpan TornOff = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromMinutes(1);

    private readonly SmtpEndpoint _endpoint;
    private readonly IReception _reception;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly SessionRoster _roster;
    private readonly ClientLedger _ledger;
    private readonly SemaphoreSlim _seats;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnectionListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private ITimer? _sweeping;
    private ITimer? _tidying;
    private int _running;

    /// <exception cref="ArgumentException">An option of the endpoint makes no sense.</exception>
    public SmtpListener(SmtpEndpoint endpoint, IReception reception, TimeProvider clock, ILoggerFactory loggers)
    {
        endpoint.Validate();
        _endpoint = endpoint;
        _reception = reception;
        _clock = clock;
        _loggers = loggers;
        _logger = loggers.CreateLogger<SmtpListener>();
        _roster = new SessionRoster(endpoint.Limits);
        _ledger = new ClientLedger(endpoint.Limits, clock);
        _seats = new SemaphoreSlim(2 * endpoint.Limits.MaxConnections);
    }

    /// <summary>Where it listens, with the port that port 0 became.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint BoundEndPoint => _listener?.EndPoint ?? throw new InvalidOperationException("Not started.");

    /// <summary>Sessions at this moment.</summary>
    public int OpenSessions => _roster.Count;

    /// <summary>Binds, and accepts connections from then on.</summary>
    /// <exception cref="AddressInUseException">Another program listens there.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not ours, or the port is not allowed to us.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new SocketTransportOptions { Backlog = Backlog, MaxReadBufferSize = PipeSize, MaxWriteBufferSize = PipeSize };
        var transport = new SocketTransportFactory(Options.Create(options), _loggers);
        _listener = await transport.BindAsync(_endpoint.ListenEndPoint, cancellationToken);
        _sweeping = _clock.CreateTimer(_ => _roster.Sweep(), null, SweepInterval, SweepInterval);
        _tidying = _clock.CreateTimer(_ => _ledger.Tidy(), null, TidyInterval, TidyInterval);
        _running = 1;
        _accepting = AcceptAsync(_listener);
        Log.Listening(_logger, _endpoint.Role, BoundEndPoint);
    }

    /// <summary>
    /// Accepts no more, tells open sessions 421 as soon as they have finished what they are at, and tears off who is still there after
    /// <see cref="SmtpLimits.StopGrace"/> or when <paramref name="cancellationToken"/> fires.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is not { } listener || _running == 0)
            return;
        await _stopping.CancelAsync();
        await listener.UnbindAsync(CancellationToken.None);
        await _accepting;
        _roster.SendAllAway(Farewell.Shutdown);
        Release();
        await Task.WhenAny(_allGone.Task, Task.Delay(_endpoint.Limits.StopGrace, _clock, cancellationToken));
        _roster.AbortAll();
        await Task.WhenAny(_allGone.Task, Task.Delay(TornOff, _clock, CancellationToken.None));
        if (_sweeping is not null && _tidying is not null)
        {
            await _sweeping.DisposeAsync();
            await _tidying.DisposeAsync();
        }
        await listener.DisposeAsync();
        Log.Stopped(_logger, _endpoint.Role, _endpoint.ListenEndPoint);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>
    /// Who was sent away needs a seat until it is gone. When these pile up, newcomers wait in the backlog rather than be turned away.
    /// </summary>
    private async Task AcceptAsync(IConnectionListener listener)
    {
        try
        {
            await _seats.WaitAsync(_stopping.Token);
            while (await listener.AcceptAsync() is { } connection)
            {
                Interlocked.Increment(ref _running);
                _ = Task.Run(() => ServeAsync(connection));
                // Behind all that is queued: a flood is taken in no faster than those who are in are served.
                await Task.Yield();
                await _seats.WaitAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped while all seats were taken.
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        var address = AddressOf(connection.RemoteEndPoint);
        var peer = new SmtpPeer(connection.ConnectionId, address, _endpoint.IsTrusted(address));
        var wire = new SmtpWire(connection, _endpoint.Limits, _clock);
        try
        {
            if (peer.IsTrusted)
                await AdmitAsync(wire, peer);
            else
                await AdmitWithinQuotaAsync(wire, peer);
        }
        finally
        {
            _seats.Release();
            Release();
        }
    }

    private async Task AdmitWithinQuotaAsync(SmtpWire wire, SmtpPeer peer)
    {
        if (!_ledger.TryEnter(peer.Address))
        {
            Log.OverQuota(_logger, peer.SessionId, peer.Address);
            await TurnAwayAsync(wire, Replies.TooManyConnections);
            return;
        }
        try
        {
            await AdmitAsync(wire, peer);
        }
        finally
        {
            _ledger.Leave(peer.Address);
        }
    }

    private async Task AdmitAsync(SmtpWire wire, SmtpPeer peer)
    {
        if (!_roster.TryEnter(wire))
        {
            Log.NoRoom(_logger, peer.SessionId, peer.Address);
            await TurnAwayAsync(wire, Replies.NoRoom);
            return;
        }
        Log.Opened(_logger, peer.SessionId, peer.Address);
        try
        {
            await RunAsync(wire, peer);
            await wire.DisposeAsync();
        }
        finally
        {
            _roster.Leave(wire);
            Log.Closed(_logger, peer.SessionId);
        }
    }

    private async Task RunAsync(SmtpWire wire, SmtpPeer peer)
    {
        try
        {
            await using var session = new SmtpSession(wire, _endpoint, _reception, peer, _logger);
            await session.RunAsync();
        }
        catch (OperationCanceledException) when (wire.Gone.IsCancellationRequested)
        {
            // The reception noticed that the peer was torn off.
        }
#pragma warning disable CA1031 // The outermost loop of a session: an error of the reception must end this session alone, and the client try again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.SessionFailed(_logger, peer.SessionId, peer.Address, e);
            wire.Write(Replies.InternalError);
        }
    }

    /// <summary>Before TLS there is nobody to tell on an endpoint of implicit TLS.</summary>
    private async Task TurnAwayAsync(SmtpWire wire, SmtpReply reply)
    {
        if (!_endpoint.IsTlsImplicit)
            wire.Write(reply);
        await wire.DisposeAsync();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _running) == 0)
            _allGone.TrySetResult();
    }

    private static IPAddress AddressOf(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint ip => ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address,
        _ => IPAddress.Loopback,
    };
}
