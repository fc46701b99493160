using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;

namespace ListServer.Smtp;

/// <summary>
/// One connection: lines and octets come in, replies go out. Replies wait until nothing more can be read without waiting, so that
/// the answers to a pipelined group leave together (RFC 2920 §3.2). A broken line is an answer here, never an exception.
/// </summary>
internal sealed class SmtpWire : IAsyncDisposable
{
    /// <summary>An over-long line is read to its end up to here, so that it can be answered.</summary>
    private const int MaxSkipped = 64 * 1024;

    /// <summary>Replies are not held back beyond this: a peer that only talks and never listens has to wait.</summary>
    private const int MaxUnsent = 8 * 1024;

    private readonly ConnectionContext _connection;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _gone = new();
    private volatile PipeReader _input;
    private PipeWriter _output;
    private SslStream? _tls;
    private bool _hasUnsent;
    private bool _isBroken;
    private volatile Farewell _farewell;
    private long _cutAt;

    public SmtpWire(ConnectionContext connection, SmtpLimits limits, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        _input = connection.Transport.Input;
        _output = connection.Transport.Output;
        Patience = new Patience(clock, limits.MinDataRate);
    }

    public Patience Patience { get; }

    /// <summary>Cancelled when the connection is torn down without a farewell.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>The TLS layer, or null in clear.</summary>
    public SslStream? Tls => _tls;

    public bool IsCut => _farewell != Farewell.None;

    public Farewell Farewell => _farewell;

    public TimeSpan SinceCut => _clock.GetElapsedTime(Volatile.Read(ref _cutAt));

    /// <summary>Ends the session with a 421 at its next read. From any thread.</summary>
    public void Cut(Farewell farewell)
    {
        Volatile.Write(ref _cutAt, _clock.GetTimestamp());
        _farewell = farewell;
        Interlocked.MemoryBarrier();
        _input.CancelPendingRead();
    }

    /// <summary>Ends the connection at once. From any thread.</summary>
    public void Abort()
    {
        _ = _gone.CancelAsync();
        _connection.Abort();
    }

    /// <summary>The next line, without its CRLF.</summary>
    public async ValueTask<LineRead> ReadLineAsync(LineFinder finder)
    {
        Patience.Begin(WaitingFor.Command);
        var skipped = 0L;
        while (true)
        {
            if (await ReadAsync() is not { } read)
                return new LineRead(LineOutcome.Gone);
            if (finder.Find(read.Buffer, out var end) is { } line)
            {
                _input.AdvanceTo(end);
                Patience.OurTurn();
                return skipped == 0 || line.Outcome == LineOutcome.BareLineFeed ? line : new LineRead(LineOutcome.TooLong);
            }
            if (read.IsCompleted || skipped > MaxSkipped)
            {
                _input.AdvanceTo(read.Buffer.End);
                return new LineRead(LineOutcome.Gone);
            }
            skipped += Skip(read.Buffer, skipped > 0 || finder.IsOverlong(read.Buffer));
        }
    }

    /// <summary>The next octets of a message, at least one; null when none will come. <see cref="Consume"/> must follow.</summary>
    public async ValueTask<ReadOnlySequence<byte>?> ReadOctetsAsync()
    {
        if (await ReadAsync() is not { } read)
            return null;
        Patience.OurTurn();
        if (!read.Buffer.IsEmpty)
            return read.Buffer;
        _input.AdvanceTo(read.Buffer.End);
        return null;
    }

    /// <summary>Gives the octets before <paramref name="end"/> back; what stands behind it is read again.</summary>
    public void Consume(SequencePosition end, long octets)
    {
        _input.AdvanceTo(end);
        Patience.Credit(octets);
    }

    /// <summary>True when the peer has sent more than was read: too early, where it had to wait for an answer.</summary>
    public bool HasUnread()
    {
        try
        {
            if (!_input.TryRead(out var read))
                return false;
            _input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
        catch (Exception e) when (IsBrokenLine(e))
        {
            _isBroken = true;
            return false;
        }
    }

    public void Write(SmtpReply reply)
    {
        ReplyWriter.Write(_output, reply);
        _hasUnsent = true;
    }

    public async ValueTask FlushAsync()
    {
        if (!_hasUnsent || _isBroken)
            return;
        _hasUnsent = false;
        try
        {
            var flushed = await _output.FlushAsync(Gone);
            _isBroken = flushed.IsCompleted;
        }
        catch (Exception e) when (IsBrokenLine(e))
        {
            _isBroken = true;
        }
    }

    /// <summary>Puts TLS over the connection. After it nothing read before remains (RFC 3207 §4.2).</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The handshake failed.</exception>
    /// <exception cref="IOException">The line broke.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask SecureAsync(SslServerAuthenticationOptions options)
    {
        Patience.Begin(WaitingFor.Handshake);
        Patience.PeerTurn();
        _tls = new SslStream(new DuplexStream(_connection.Transport), leaveInnerStreamOpen: true);
        await _tls.AuthenticateAsServerAsync(options, Gone);
        _output = PipeWriter.Create(_tls, new StreamPipeWriterOptions(leaveOpen: true));
        _input = PipeReader.Create(_tls, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Interlocked.MemoryBarrier();
        if (IsCut)
            _input.CancelPendingRead();
        Patience.OurTurn();
    }

    /// <summary>Sends what is unsent and closes. A peer that does not take it is torn off by the roster.</summary>
    public async ValueTask DisposeAsync()
    {
        Patience.Begin(WaitingFor.Command);
        Patience.PeerTurn();
        await FlushAsync();
        if (_tls is { } tls)
        {
            var decrypted = _input;
            _input = _connection.Transport.Input;
            if (tls.IsAuthenticated && !_isBroken)
                await ShutdownAsync(tls);
            await decrypted.CompleteAsync();
            await tls.DisposeAsync();
        }
        await _connection.DisposeAsync();
    }

    private async ValueTask<ReadResult?> ReadAsync()
    {
        try
        {
            var isBatchFull = _output.UnflushedBytes > MaxUnsent;
            if (isBatchFull || !_input.TryRead(out var read))
            {
                Patience.PeerTurn();
                await FlushAsync();
                if (_isBroken)
                    return null;
                read = await _input.ReadAsync(Gone);
            }
            if (!IsCut && !read.IsCanceled)
                return read;
            _input.AdvanceTo(read.Buffer.Start);
            return null;
        }
        catch (Exception e) when (IsBrokenLine(e))
        {
            _isBroken = true;
            return null;
        }
    }

    /// <summary>Of an over-long line the last octet stays: it may be the CR of its end.</summary>
    private long Skip(ReadOnlySequence<byte> buffer, bool isOverlong)
    {
        var skipped = isOverlong ? buffer.Length - 1 : 0;
        _input.AdvanceTo(buffer.GetPosition(skipped), buffer.End);
        return skipped;
    }

    private async ValueTask ShutdownAsync(SslStream tls)
    {
        try
        {
            await tls.ShutdownAsync();
        }
        catch (Exception e) when (IsBrokenLine(e))
        {
            _isBroken = true;
        }
    }

    private static bool IsBrokenLine(Exception e) => e is IOException or OperationCanceledException;
}
