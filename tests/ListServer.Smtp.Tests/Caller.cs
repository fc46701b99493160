using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;

namespace ListServer.Smtp.Tests;

/// <summary>
/// A client that says exactly what a script has. <c>C:</c> a line, sent with CRLF; <c>R:</c> octets as they are, with \r \n \0 \xHH and
/// nothing added; <c>S:</c> how a whole reply must begin; <c>S: closed</c> the end of the connection; <c>TLS</c> a handshake.
/// Consecutive C and R lines leave in one write.
/// </summary>
internal sealed partial class Caller : IAsyncDisposable
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<byte> _received = [];
    private Stream _stream;

    public Caller(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public static async Task<Caller> ConnectAsync(EndPoint server, IPAddress from)
    {
        var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(server, TestContext.Current.CancellationToken);
        return new Caller(socket);
    }

    public async Task PlayAsync(string script)
    {
        var unsent = new StringBuilder();
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "C:" || line.StartsWith("C: ", StringComparison.Ordinal))
                unsent.Append(line[2..].TrimStart()).Append("\r\n");
            else if (line.StartsWith("R: ", StringComparison.Ordinal))
                unsent.Append(Unescape(line[3..]));
            else
                await TurnAsync(line, unsent);
        }
        await SendAsync(unsent.ToString());
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] octets)
    {
        if (octets.Length == 0)
            return;
        using var timeout = new CancellationTokenSource(Forever);
        await _stream.WriteAsync(octets, timeout.Token);
    }

    /// <summary>One whole reply, its lines joined by LF; null at the end of the connection.</summary>
    public async Task<string?> ReplyAsync()
    {
        var lines = new List<string>();
        while (await LineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Length < 4 || line[3] == ' ')
                return string.Join('\n', lines);
        }
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    /// <summary>Says the words with CRLF and returns the reply.</summary>
    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    public async Task<SslStream> SecureAsync(SslProtocols protocols = SslProtocols.None)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        using var timeout = new CancellationTokenSource(Forever);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "mx.example.org", EnabledSslProtocols = protocols }, timeout.Token);
        _stream = tls;
        return tls;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Ends the sending half only.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    public static string Unescape(string text) => Escapes().Replace(text, match => match.Value[1] switch
    {
        'r' => "\r",
        'n' => "\n",
        '0' => "\0",
        'x' => ((char)Convert.ToInt32(match.Value[2..], 16)).ToString(),
        _ => match.Value,
    });

    private async Task TurnAsync(string line, StringBuilder unsent)
    {
        await SendAsync(unsent.ToString());
        unsent.Clear();
        if (line == "TLS")
        {
            await SecureAsync();
            return;
        }
        var reply = await ReplyAsync();
        if (line == "S: closed")
            reply.ShouldBeNull();
        else
            reply.ShouldNotBeNull($"expected {line}, got the end").ShouldStartWith(line[3..]);
    }

    private async Task<string?> LineAsync()
    {
        int end;
        while ((end = _received.IndexOf((byte)'\n')) < 0)
        {
            var count = await ReadAsync();
            if (count == 0)
                return null;
            _received.AddRange(_buffer[..count]);
        }
        _received[end - 1].ShouldBe((byte)'\r');
        var line = Encoding.Latin1.GetString([.. _received[..(end - 1)]]);
        _received.RemoveRange(0, end + 1);
        return line;
    }

    private async Task<int> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(Forever);
        try
        {
            return await _stream.ReadAsync(_buffer, timeout.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"\\(r|n|0|x[0-9a-fA-F]{2})")]
    private static partial Regex Escapes();
}
