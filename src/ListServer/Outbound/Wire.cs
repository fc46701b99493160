using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ListServer.Smtp;

namespace ListServer.Outbound;

/// <summary>
/// One TCP connection with a deadline on every wait. What breaks it is kept as <see cref="Fault"/>, and every later
/// read and write answers at once: callers need no exception handling.
/// </summary>
/// <remarks>For one caller at a time; only the token given to <see cref="StopOn"/> acts from elsewhere.</remarks>
internal sealed class Wire : IAsyncDisposable
{
    private const int InputBuffer = 4 * 1024;
    private const int OutputBuffer = 16 * 1024;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _deadline;
    private readonly TimeSpan _stopGrace;
    private readonly Lock _stopGate = new();
    private Stream _stream;
    private ReplyReader _replies;
    private CancellationToken _stop;
    private bool _isPastFinalDot;

    private Wire(Socket socket, TimeProvider clock, TimeSpan stopGrace)
    {
        _socket = socket;
        LocalAddress = (socket.LocalEndPoint as IPEndPoint)?.Address;
        _clock = clock;
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _stopGrace = stopGrace;
        Use(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Where commands and octets are written; they leave with <see cref="FlushAsync"/>.</summary>
    public PipeWriter Output { get; private set; }

    /// <summary>What broke the connection, in words; null while it is whole.</summary>
    public string? Fault { get; private set; }

    /// <summary>True when it was we who gave the connection up, in order to stop.</summary>
    public bool IsStopped => Fault is not null && _stop.IsCancellationRequested;

    /// <summary>The TLS session, or null in clear.</summary>
    public SslStream? Tls => _stream as SslStream;

    /// <summary>Our end's address.</summary>
    public IPAddress? LocalAddress { get; }

    /// <summary>True when the server has said more than it was asked.</summary>
    public bool HasUnread => Fault is null && _replies.HasUnread;

    /// <summary>True while nothing has come in unasked: neither words nor the end of the connection.</summary>
    public bool IsQuiet => Fault is null && !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>Opens a connection, or answers in words why there is none.</summary>
    public static async Task<(Wire? Wire, string? Fault)> ConnectAsync(
        Hop hop, OutboundOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var socket = new Socket(hop.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(hop.EndPoint, either.Token).ConfigureAwait(false);
            return (new Wire(socket, clock, options.StopGrace), null);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return (null, e is SocketException ? e.Message : $"no connection within {options.ConnectTimeout.TotalSeconds:0} s");
        }
    }

    /// <summary>
    /// Lets <paramref name="stop"/> end every wait from now on: at once before <see cref="TryPassFinalDot"/>, after the grace behind it.
    /// </summary>
    public CancellationTokenRegistration StopOn(CancellationToken stop)
    {
        lock (_stopGate)
        {
            (_stop, _isPastFinalDot) = (stop, false);
        }

        return stop.UnsafeRegister(static wire => ((Wire)wire!).Stop(), this);
    }

    /// <summary>False when we stop: then the final dot must not be sent. True promises it the grace.</summary>
    public bool TryPassFinalDot()
    {
        lock (_stopGate)
        {
            return _isPastFinalDot = Fault is null && !_stop.IsCancellationRequested;
        }
    }

    /// <summary>The next reply, or null when the connection is broken.</summary>
    public async ValueTask<SmtpReply?> ReadAsync(TimeSpan within)
    {
        if (!Arm(within))
        {
            return null;
        }

        try
        {
            return await _replies.ReadAsync(_deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheLine(e))
        {
            Break(e, within);
            return null;
        }
    }

    /// <summary>Sends what was written. False when the connection is broken.</summary>
    public async ValueTask<bool> FlushAsync(TimeSpan within)
    {
        if (!Arm(within))
        {
            return false;
        }

        try
        {
            await Output.FlushAsync(_deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (IsOfTheLine(e))
        {
            Break(e, within);
            return false;
        }
    }

    /// <summary>
    /// The last words of a server that closed while we were still sending: "552 too large", mostly. Null when there are none.
    /// </summary>
    public async ValueTask<SmtpReply?> ReadLastWordsAsync()
    {
        if (_deadline.IsCancellationRequested)
        {
            return null;
        }

        using var brief = new CancellationTokenSource(LastWords, _clock);
        try
        {
            return await _replies.ReadAsync(brief.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheLine(e))
        {
            return null;
        }
    }

    /// <summary>Begins TLS. False when the connection is broken.</summary>
    public async ValueTask<bool> StartTlsAsync(SslClientAuthenticationOptions options, TimeSpan within)
    {
        if (!Arm(within))
        {
            return false;
        }

        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(options, _deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheLine(e) || e is AuthenticationException)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            Break(e, within);
            return false;
        }

        // What was read in clear is forgotten with its reader (RFC 3207 §4.2).
        Use(tls);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Fault ??= "closed";
        _deadline.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    [MemberNotNull(nameof(_stream), nameof(_replies), nameof(Output))]
    private void Use(Stream stream)
    {
        _stream = stream;
        _replies = new ReplyReader(PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: InputBuffer, leaveOpen: true)));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: OutputBuffer, leaveOpen: true));
    }

    private bool Arm(TimeSpan within)
    {
        lock (_stopGate)
        {
            if (Fault is null && _stop.IsCancellationRequested && !_isPastFinalDot)
            {
                Fault = "stopped";
            }

            // Behind the final dot a stop has set its own, shorter deadline.
            if (Fault is null && !_stop.IsCancellationRequested)
            {
                _deadline.CancelAfter(within);
            }

            return Fault is null;
        }
    }

    private void Stop()
    {
        lock (_stopGate)
        {
            if (_isPastFinalDot)
            {
                _deadline.CancelAfter(_stopGrace);
                return;
            }
        }

        _deadline.Cancel();
    }

    private static bool IsOfTheLine(Exception e) => e is IOException or SocketException or InvalidDataException or OperationCanceledException;

    private void Break(Exception e, TimeSpan within) =>
        Fault = e is not OperationCanceledException ? e.Message : _stop.IsCancellationRequested ? "stopped" : $"no answer within {within.TotalSeconds:0} s";
}
