using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

/// <summary>What a peer took over: the arguments of MAIL and RCPT as written, and the octets with dots unstuffed.</summary>
internal sealed record Received(string Mail, IReadOnlyList<string> Recipients, byte[] Octets, int Session, bool IsTls)
{
    public string Text => Encoding.Latin1.GetString(Octets);
}

/// <summary>
/// An SMTP server on loopback that says what the test wants. <see cref="On"/> answers a command line or "." with a reply,
/// with null for the ordinary reply, with "close" to drop the connection, or with "never" to say nothing more.
/// </summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;
    private int _sessionCount;
    private int _open;

    public Peer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Banner { get; init; } = "220 peer.test ESMTP";
    public string[] Extensions { get; init; } = ["PIPELINING", "8BITMIME", "SIZE 10000000", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
    public string[] ExtensionsInTls { get; init; } = ["PIPELINING", "8BITMIME", "AUTH PLAIN LOGIN"];
    public Func<string, string?> On { get; set; } = _ => null;

    /// <summary>Plays the whole session instead of all this.</summary>
    public Func<PeerSession, Task>? Script { get; init; }
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Closes instead of a handshake.</summary>
    public bool BreaksTls { get; init; }

    /// <summary>Sent along with the certificate.</summary>
    public X509Certificate2Collection Issuers { get; init; } = [];
    public bool IsTlsImplicit { get; init; }
    public TimeSpan Delay { get; init; }

    public ConcurrentQueue<string> Commands { get; } = new();
    public ConcurrentQueue<Received> Messages { get; } = new();
    public int SessionCount => _sessionCount;
    public int MostOpen { get; private set; }

    /// <summary>Who comes when so many are there is sent away at the door.</summary>
    public int MostSessions { get; init; } = int.MaxValue;

    /// <summary>How many were sent away at the door.</summary>
    public int SentAway { get; private set; }
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public string Address => $"127.0.0.1:{Port}";

    public Hop Hop(TlsMode tls = TlsMode.None, SubmissionCredential? credential = null, string name = "localhost") =>
        new(name, new IPEndPoint(IPAddress.Loopback, Port), tls, credential);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                socket.NoDelay = true;
                _sessions.Add(Task.Run(() => ServeAsync(socket)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end; a listener that stops between two sessions says that it does not listen.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var number = Interlocked.Increment(ref _sessionCount);
        bool isFull;
        lock (_sessions)
        {
            MostOpen = Math.Max(MostOpen, ++_open);
            isFull = _open > MostSessions;
            SentAway += isFull ? 1 : 0;
        }

        await using var session = new PeerSession(socket, number, _end.Token);
        try
        {
            if (isFull)
            {
                await session.SayAsync("421 4.7.0 too many connections");
                return;
            }

            if (IsTlsImplicit)
            {
                await session.EncryptAsync(Certificate!, Issuers);
            }

            await (Script?.Invoke(session) ?? ConverseAsync(session));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
        }
        finally
        {
            CountOut(session);
        }
    }

    /// <summary>A session is over for the client as soon as QUIT is answered, and for this count as soon as it is heard.</summary>
    private void CountOut(PeerSession session)
    {
        lock (_sessions)
        {
            _open -= session.IsCounted ? 1 : 0;
            session.IsCounted = false;
        }
    }

    private async Task ConverseAsync(PeerSession session)
    {
        await session.SayAsync(Banner);
        var mail = "";
        var recipients = new List<string>();
        while (await session.HearAsync() is { } line)
        {
            Commands.Enqueue(line);
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "QUIT")
            {
                CountOut(session);
            }

            var reply = On(line) ?? (verb == "RCPT" && mail.Length == 0 ? "503 5.5.1 MAIL first" : Ordinary(verb, session, recipients.Count));
            await Task.Delay(Delay, _end.Token);
            await IfNeverAsync(reply);
            if (reply == "close")
            {
                return;
            }

            mail = verb == "MAIL" && reply[0] == '2' ? line["MAIL FROM:".Length..] : mail;
            if (verb is "RCPT" && reply[0] == '2')
            {
                recipients.Add(line["RCPT TO:".Length..]);
            }

            await session.SayAsync(reply);
            if (verb == "DATA" && reply.StartsWith("354", StringComparison.Ordinal))
            {
                var octets = await session.HearDataAsync();
                Commands.Enqueue(".");
                var final = On(".") ?? "250 2.0.0 taken";
                await Task.Delay(Delay, _end.Token);
                await IfNeverAsync(final);
                if (final[0] == '2')
                {
                    Messages.Enqueue(new Received(mail, [.. recipients], octets, session.Number, session.IsTls));
                }

                if (final == "close")
                {
                    return;
                }

                await session.SayAsync(final);
            }

            if (verb is "RSET" or "DATA" or "EHLO")
            {
                mail = "";
                recipients.Clear();
            }

            if (verb == "STARTTLS" && reply[0] == '2')
            {
                if (BreaksTls)
                {
                    return;
                }

                await session.EncryptAsync(Certificate!, Issuers);
            }

            if (verb == "QUIT" || reply.StartsWith("421", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private Task IfNeverAsync(string reply) => reply == "never" ? Task.Delay(Timeout.Infinite, _end.Token) : Task.CompletedTask;

    private string Ordinary(string verb, PeerSession session, int recipients) => verb switch
    {
        "EHLO" => Ehlo(session.IsTls ? ExtensionsInTls : Certificate is null || IsTlsImplicit ? Extensions : [.. Extensions, "STARTTLS"]),
        "DATA" => recipients == 0 ? "503 5.5.1 no recipients" : "354 go on",
        "STARTTLS" => "220 2.0.0 go on",
        "AUTH" => "235 2.7.0 welcome",
        "QUIT" => "221 2.0.0 bye",
        _ => "250 2.1.0 ok",
    };

    private static string Ehlo(string[] extensions) =>
        string.Join("\r\n", extensions.Prepend("peer.test").Select((e, i) => (i == extensions.Length ? "250 " : "250-") + e));
}

/// <summary>One connection of a <see cref="Peer"/>.</summary>
internal sealed class PeerSession(Socket socket, int number, CancellationToken end) : IAsyncDisposable
{
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>True while it is one of the open ones. Guarded by the peer.</summary>
    public bool IsCounted { get; set; } = true;

    private readonly byte[] _buffer = new byte[4096];
    private int _from;
    private int _to;

    public int Number => number;
    public bool IsTls => _stream is SslStream;
    public CancellationToken End => end;

    /// <summary>True when octets have come that were not heard yet.</summary>
    public bool HasHeardMore => _from < _to || socket.Available > 0;

    public Task SayAsync(string text) => SendAsync(text + "\r\n");

    public async Task SendAsync(string text)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), end);
        await _stream.FlushAsync(end);
    }

    /// <summary>The next line without its CRLF, or null at the end.</summary>
    public async Task<string?> HearAsync() =>
        await HearLineAsync() is { } line ? Encoding.UTF8.GetString(line).TrimEnd('\r', '\n') : null;

    /// <summary>Reads to the final dot; throws when the connection ends before it.</summary>
    public async Task<byte[]> HearDataAsync()
    {
        var octets = new MemoryStream();
        while (await HearLineAsync() is { } line)
        {
            if (line is [(byte)'.', (byte)'\r', (byte)'\n'])
            {
                return octets.ToArray();
            }

            octets.Write(line[0] == '.' ? line.AsSpan(1) : line);
        }

        throw new IOException("the connection ended within the message");
    }

    public async Task EncryptAsync(X509Certificate2 certificate, X509Certificate2Collection issuers)
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, issuers, offline: true) }, end);
        (_stream, _from, _to) = (tls, 0, 0);
    }

    /// <summary>From here on what is sent to us comes back as a reset.</summary>
    public void StopHearing() => socket.Shutdown(SocketShutdown.Receive);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<byte[]?> HearLineAsync()
    {
        var line = new List<byte>();
        while (true)
        {
            if (_from == _to)
            {
                _from = 0;
                _to = await _stream.ReadAsync(_buffer, end);
                if (_to == 0)
                {
                    return line.Count == 0 ? null : [.. line];
                }
            }

            line.Add(_buffer[_from++]);
            if (line[^1] == '\n' && line is [.., (byte)'\r', _])
            {
                return [.. line];
            }
        }
    }
}
