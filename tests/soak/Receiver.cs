using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ListServer.Soak;

/// <summary>A receiving host on an address of loopback, which notes each recipient of each post in the books.</summary>
internal sealed partial class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Conduct _conduct;
    private readonly Books _books;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();
    private readonly Task _accepting;
    private int _open;
    private int _opened;

    public Receiver(IPEndPoint endPoint, Conduct conduct, Books books)
    {
        _listener = new TcpListener(endPoint);
        _conduct = conduct;
        _books = books;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections open now.</summary>
    public int Open => _open;

    /// <summary>Connections ever opened.</summary>
    public int Opened => _opened;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions.Keys);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _opened);
                var session = Task.Run(() => ServeAsync(client));
                _sessions.TryAdd(session, true);
                _ = session.ContinueWith(done => _sessions.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await ConverseAsync(reader, stream);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The other side was killed, or the end.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ConverseAsync(StreamReader reader, NetworkStream stream)
    {
        await SayAsync(stream, "220 receiver.test ESMTP");
        var recipients = new List<string>();
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(stream, "250-receiver.test", _conduct == Conduct.BreaksTls ? "250-STARTTLS" : "250-ENHANCEDSTATUSCODES", "250-PIPELINING", "250 8BITMIME");
                    break;
                case "STARTTLS":
                    // Only once the client has begun: octets that come earlier are an attack (SEC-8), not a broken handshake.
                    await SayAsync(stream, "220 go on");
                    _ = await stream.ReadAsync(new byte[1024], _end.Token);
                    await SayAsync(stream, "this is no handshake");
                    return;
                case "MAIL" or "RSET":
                    recipients.Clear();
                    await SayAsync(stream, "250 2.1.0 ok");
                    break;
                case "RCPT":
                    await SayAsync(stream, Recipient(Address().Match(line).Groups[1].Value, recipients));
                    break;
                case "DATA" when recipients.Count == 0:
                    await SayAsync(stream, "554 5.5.1 no recipients");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    if (!await TakeAsync(reader, recipients))
                    {
                        return;
                    }

                    await Task.Delay(_conduct == Conduct.Unhurried ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero, _end.Token);

                    await SayAsync(stream, "250 2.0.0 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 2.0.0 bye");
                    return;
                default:
                    await SayAsync(stream, "250 2.0.0 ok");
                    break;
            }
        }
    }

    private string Recipient(string address, List<string> recipients)
    {
        switch (_conduct)
        {
            case Conduct.Refuses:
                return "550 5.1.1 no such user";
            case Conduct.Defers:
                return "450 4.2.1 not now";
            case Conduct.Greylists when _attempts.AddOrUpdate(address, 1, (_, count) => count + 1) < 3:
                return "450 4.7.1 greylisted, come back";
            default:
                recipients.Add(address);
                return "250 2.1.5 ok";
        }
    }

    /// <summary>Takes the message up to its final dot; false to drop the connection. The books are written before the reply leaves.</summary>
    private async Task<bool> TakeAsync(StreamReader reader, List<string> recipients)
    {
        var (post, lines) = ("", 0);
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            if (line == ".")
            {
                _books.Arrive(post, recipients);
                return true;
            }

            if (++lines == 5 && _conduct == Conduct.DropsInData)
            {
                return false;
            }

            post = post.Length == 0 && MessageId().Match(line) is { Success: true } match ? match.Groups[1].Value : post;
        }

        return false;
    }

    private async Task SayAsync(NetworkStream stream, params string[] lines)
    {
        var octets = Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n");
        if (_conduct != Conduct.IsSlow)
        {
            await stream.WriteAsync(octets, _end.Token);
            return;
        }

        foreach (var octet in octets)
        {
            await stream.WriteAsync(new[] { octet }, _end.Token);
            await Task.Delay(TimeSpan.FromSeconds(1), _end.Token);
        }
    }

    [GeneratedRegex("<([^>]*)>")]
    private static partial Regex Address();

    [GeneratedRegex("^Message-ID: *<([^@>]*)@", RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}
